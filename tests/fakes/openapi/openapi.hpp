#pragma once
/// A vendor's OpenAPI 3.0 document as a judge of single requests and answers.
#include <rapidjson/document.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::fakes {

struct OpenApiRules {
  /// What "date-time" means to this vendor.
  std::string time_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$";
  /// The component that error answers are shaped as; empty: they are not looked at.
  std::string error_component;
  /// Changes what the document is known to get wrong.
  std::function<void(rapidjson::Document&)> amend;
};

/// Any thread.
class OpenApi {
 public:
  /// Throws std::runtime_error when the text is no OpenAPI document.
  OpenApi(const std::string& json, OpenApiRules rules);
  ~OpenApi();

  struct Operation {
    const rapidjson::Value* item = nullptr;
    const rapidjson::Value* operation = nullptr;  ///< nullptr: the document knows none
    std::string path_template;
  };
  [[nodiscard]] Operation find(std::string_view method, std::string_view path) const;
  /// What is wrong with a request; empty: nothing. Fields and parameters that the document does not know are wrong.
  /// Bodies other than JSON are not looked into.
  [[nodiscard]] std::vector<std::string> check_request(std::string_view method, std::string_view path,
                                                       std::string_view query, std::string_view content_type,
                                                       const std::string& body) const;
  /// What is wrong with an answer. Statuses that the document does not list must at least be errors.
  [[nodiscard]] std::vector<std::string> check_answer(std::string_view method, std::string_view path, int status,
                                                      const std::string& body) const;

 private:
  struct Document;
  const std::unique_ptr<Document> document_;
};

}  // namespace causeway::fakes
