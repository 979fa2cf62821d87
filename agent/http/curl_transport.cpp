#include "agent/http/curl_transport.hpp"

#include <curl/curl.h>

#include <mutex>

namespace causeway::http {
namespace {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using List = std::unique_ptr<curl_slist, ListCleanup>;

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

/// What one transfer collects.
struct Exchange {
  Response response;
  std::size_t bytes_max = 0;
  bool too_large = false;
  bool repeatable = false;
  bool sent = false;
};

/// Called just before the request is sent. libcurl sends it once more by itself when a kept connection breaks off
/// before the answer begins; the tracker may have done then what it was asked for, so a write must not go out again.
int before_sending(void* user, char* /*their_address*/, char* /*our_address*/, int /*their_port*/, int /*our_port*/) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.sent && !exchange.repeatable) return CURL_PREREQFUNC_ABORT;
  exchange.sent = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = size * count;
  if (exchange.response.body.size() + bytes > exchange.bytes_max) {
    exchange.too_large = true;
    return 0;
  }
  exchange.response.body.append(data, bytes);
  return bytes;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::string_view line{data, size * count};
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();  // of an interim answer
    return size * count;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    exchange.response.headers.emplace_back(line.substr(0, colon), value);
  }
  return size * count;
}

/// Whether the request certainly did not reach the tracker.
bool never_left(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      return true;
    default:
      return false;
  }
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options) : options_(std::move(options)) { initialise_once(); }

  Result<Response> send(const Request& request) override {
    Easy handle = take_handle();
    if (!handle) return fail(Fault::transient, "no memory for a request");
    auto result = perform(handle.get(), request);
    give_back(std::move(handle));
    return result;
  }

 private:
  Result<Response> perform(CURL* handle, const Request& request) const {
    List headers;
    const auto add_header = [&](const std::string& line) {
      curl_slist* const longer = curl_slist_append(headers.get(), line.c_str());
      if (longer != nullptr) {
        (void)headers.release();
        headers.reset(longer);
      }
    };
    for (const auto& [key, value] : request.headers) add_header(key + ": " + value);
    if (!request.credential.first.empty())
      add_header(request.credential.first + ": " + request.credential.second.reveal());
    add_header("Expect:");

    Exchange exchange;
    exchange.bytes_max = options_.response_bytes_max;
    exchange.repeatable = request.method == Method::get;
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, &exchange);
    if (request.method == Method::get) {
      curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
      curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, nullptr);
    } else {
      curl_easy_setopt(handle, CURLOPT_POST, 1L);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST,
                       request.method == Method::post ? nullptr : std::string{name(request.method)}.c_str());
    }
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, nullptr);
    if (code == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      exchange.response.status = static_cast<int>(status);
      return std::move(exchange.response);
    }
    const std::string_view why = exchange.too_large                  ? "the answer is too large"
                                 : code == CURLE_ABORTED_BY_CALLBACK ? "the connection broke off before the answer"
                                                                     : curl_easy_strerror(code);
    const std::string what = fmt::format("{} {}: {}", name(request.method), request.path_template, why);
    // Sent once, and then no new connection to be had for the second time: it did leave.
    if (never_left(code) && !exchange.sent) return fail(Fault::transient, what, Reach::tracker);
    if (request.method == Method::get)
      return fail(Fault::transient, what, code == CURLE_OPERATION_TIMEDOUT ? Reach::tracker : Reach::ticket);
    return fail(Fault::outcome_unknown, what);
  }

  Easy take_handle() {
    {
      const std::scoped_lock lock{mutex_};
      if (!idle_.empty()) {
        Easy handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    Easy handle{curl_easy_init()};
    if (!handle) return handle;
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
    // A label may be called "..": what we ask for is asked for as it stands.
    curl_easy_setopt(handle.get(), CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle.get(), CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    curl_easy_setopt(handle.get(), CURLOPT_PROXY, options_.proxy.c_str());
    if (!options_.ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle.get(), CURLOPT_PREREQFUNCTION, before_sending);
    return handle;
  }

  void give_back(Easy handle) {
    constexpr std::size_t idle_max = 64;
    const std::scoped_lock lock{mutex_};
    if (idle_.size() < idle_max) idle_.push_back(std::move(handle));
  }

  CurlOptions options_;
  std::mutex mutex_;
  std::vector<Easy> idle_;  ///< each keeps its connection open
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(CurlOptions options) {
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace causeway::http
