#include "agent/store/sqlite/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "agent/store/sqlite/connection.hpp"
#include "agent/store/sqlite/schema.hpp"
#include "agent/store/sqlite/sqlite_transaction.hpp"

namespace causeway::store {
namespace {

/// The lock that says which process is the agent. Let go by the operating system when the process ends, however it
/// ends.
class ProcessLock {
 public:
  static Result<std::unique_ptr<ProcessLock>> take(const std::string& store_path) {
    const std::string path = store_path + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
      return fail(Fault::denied,
                  fmt::format("store: {} cannot be made; see that its folder exists and we may write there", path),
                  Reach::tracker);
    }
    std::unique_ptr<ProcessLock> lock{new ProcessLock{file}};
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      std::array<char, 32> holder{};
      const ssize_t size = ::pread(file, holder.data(), holder.size() - 1, 0);
      return fail(
          Fault::denied,
          fmt::format("store: {} is in use by the agent with process id {}; stop that one first, or use another store",
                      store_path, size > 0 ? std::string{holder.data()} : "unknown"),
          Reach::tracker);
    }
    const std::string own = std::to_string(::getpid());
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, own.data(), own.size(), 0) < 0) {
      return fail(Fault::denied, fmt::format("store: {} cannot be written; the disk may be full", path),
                  Reach::tracker);
    }
    return lock;
  }
  ~ProcessLock() { ::close(file_); }
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

 private:
  explicit ProcessLock(int file) : file_(file) {}
  int file_;
};

class SqliteStore final : public Store {
 public:
  struct Reader {
    std::unique_ptr<Connection> connection;
    Names names;
  };

  explicit SqliteStore(SqliteOptions options) : options_(std::move(options)) {
    static std::atomic<int> memories{0};
    if (options_.use == SqliteOptions::Use::nothing_yet)
      options_.path = fmt::format("file:causeway-{}?mode=memory&cache=shared", ++memories);
  }

  Result<void> open() {
    const bool reading = options_.use == SqliteOptions::Use::reading;
    const bool in_memory = options_.use == SqliteOptions::Use::nothing_yet;
    if (options_.use == SqliteOptions::Use::alone) {
      auto lock = ProcessLock::take(options_.path);
      if (!lock) return std::unexpected(lock.error());
      lock_ = std::move(*lock);
    } else if (!in_memory && ::access(options_.path.c_str(), F_OK) != 0) {
      return fail(Fault::denied, fmt::format("store: there is no {} yet; `causeway run` makes it", options_.path),
                  Reach::tracker);
    }
    if (!reading) {
      auto writer = Connection::open(options_.path, false);
      if (!writer) return std::unexpected(writer.error());
      writer_ = std::move(*writer);
      // No one but the owner has business in here: it holds text that waits to be sent.
      if (!in_memory) ::chmod(options_.path.c_str(), S_IRUSR | S_IWUSR);
      if (auto result = prepare(*writer_); !result) return result;
      if (auto result = migrate(*writer_); !result) return result;
    }
    for (std::size_t i = 0; i < readers_max; ++i) {
      auto reader = Connection::open(options_.path, true);
      if (!reader) return std::unexpected(reader.error());
      if (auto result = limit_memory(**reader); !result) return result;
      free_readers_.push_back(std::make_unique<Reader>(Reader{std::move(*reader), {}}));
    }
    if (reading) {
      // A file from before the first start has no tables to ask.
      Statement asked = free_readers_.front()->connection->statement("PRAGMA user_version");
      auto row = asked.row();
      if (!row) return std::unexpected(row.error());
      if (asked.number(0) != schema_version()) {
        return fail(Fault::denied,
                    fmt::format("store: {} has schema {}, this program reads {}; start the agent once to upgrade it, "
                                "or install the matching version",
                                options_.path, asked.number(0), schema_version()),
                    Reach::tracker);
      }
    }
    return {};
  }

  Result<void> write(const Work& work) override {
    if (!writer_) return fail(Fault::denied, "store: opened for reading only", Reach::tracker);
    Waiter waiter{work, {}, false, false, {}};
    std::unique_lock lock{mutex_};
    if (leading_) {
      waiting_.push_back(&waiter);
      waiter.turn.wait(lock, [&] { return waiter.answered || waiter.leads; });
      if (waiter.answered) return std::move(waiter.result);
    } else {
      leading_ = true;
      waiting_.push_back(&waiter);
    }
    // Take along everybody who waits by now.
    std::deque<Waiter*> group;
    group.swap(waiting_);
    lock.unlock();
    try {
      commit(group);
    } catch (...) {
      // Thrown by somebody's work: nothing of the group is there, and the thrower's caller gets to know.
      (void)writer_->run("ROLLBACK");
      names_.forget();
      for (Waiter* one : group) one->result = fail(Fault::denied, "store: a commit was broken off", Reach::tracker);
      answer(group);
      throw;
    }
    answer(group);
    return std::move(waiter.result);
  }

  Result<void> read(const Work& work) override {
    std::unique_ptr<Reader> reader;
    {
      std::unique_lock lock{readers_mutex_};
      reader_free_.wait(lock, [&] { return !free_readers_.empty(); });
      reader = std::move(free_readers_.back());
      free_readers_.pop_back();
    }
    struct GiveBack {
      SqliteStore& store;
      std::unique_ptr<Reader>& reader;
      ~GiveBack() {
        {
          const std::scoped_lock lock{store.readers_mutex_};
          store.free_readers_.push_back(std::move(reader));
        }
        store.reader_free_.notify_one();
      }
    } const give_back{*this, reader};
    Connection& connection = *reader->connection;
    if (auto begun = connection.statement("BEGIN").run(); !begun) return begun;
    SqliteTransaction transaction{connection, reader->names, false};
    Result<void> result;
    try {
      result = work(transaction);
    } catch (...) {
      (void)connection.run("ROLLBACK");
      throw;
    }
    auto ended = connection.statement("COMMIT").run();
    return result ? ended : result;
  }

  Result<void> backup(const std::string& path) override {
    if (::access(path.c_str(), F_OK) == 0) return fail(Fault::rejected, path + " exists already; name another file");
    auto source = Connection::open(options_.path, true);
    if (!source) return std::unexpected(source.error());
    auto copy = Connection::open(path, false);
    if (!copy) return std::unexpected(copy.error());
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    sqlite3_backup* const backup = sqlite3_backup_init((*copy)->handle(), "main", (*source)->handle(), "main");
    if (backup == nullptr) return (*copy)->failure(sqlite3_errcode((*copy)->handle()));
    // All at once: a read transaction over the whole copy, which in WAL mode holds up nobody.
    const int stepped = sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE) {
      ::unlink(path.c_str());
      return (*copy)->failure(stepped);
    }
    return (*copy)->run("PRAGMA journal_mode = DELETE");
  }

 private:
  struct Waiter {
    const Work& work;
    Result<void> result;
    bool answered = false;
    bool leads = false;            ///< the one before has handed the lead on
    std::condition_variable turn;  ///< its own, so that a commit wakes those it answers and nobody else
  };

  static Result<void> limit_memory(Connection& connection) {
    return connection.run("PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0");
  }

  Result<void> prepare(Connection& connection) const {
    const std::string settings = fmt::format(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA cache_size = -{}; PRAGMA temp_store = MEMORY; "
        "PRAGMA mmap_size = 0; "
        "PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864",
        options_.durable ? "FULL" : "OFF", options_.cache_kib);
    return connection.run(settings.c_str());
  }

  /// Notifies under the lock: a waiter is gone as soon as it sees that it was answered.
  void answer(const std::deque<Waiter*>& group) {
    const std::scoped_lock lock{mutex_};
    for (Waiter* one : group) {
      one->answered = true;
      one->turn.notify_one();
    }
    leading_ = !waiting_.empty();
    if (!leading_) return;
    waiting_.front()->leads = true;
    waiting_.front()->turn.notify_one();
  }

  /// One transaction for the whole group; each work in a savepoint, so that its failure undoes only its own changes.
  void commit(const std::deque<Waiter*>& group) {
    const auto all_fail = [&](const Failure& failure) {
      (void)writer_->run("ROLLBACK");
      names_.forget();
      for (Waiter* one : group) one->result = std::unexpected(failure);
    };
    if (auto begun = writer_->statement("BEGIN IMMEDIATE").run(); !begun) return all_fail(begun.error());
    SqliteTransaction transaction{*writer_, names_, true};
    const bool alone = group.size() == 1;
    for (Waiter* one : group) {
      if (!alone) {
        if (auto saved = writer_->statement("SAVEPOINT work").run(); !saved) return all_fail(saved.error());
      }
      one->result = one->work(transaction);
      // A full disk can end the whole transaction from within.
      if (sqlite3_get_autocommit(writer_->handle()) != 0)
        return all_fail(one->result
                            ? Failure{Fault::denied, Reach::tracker, "store: the transaction was ended by SQLite", {}}
                            : one->result.error());
      if (!one->result) {
        names_.forget();
        if (alone) {
          (void)writer_->run("ROLLBACK");
          return;
        }
        if (auto undone = writer_->statement("ROLLBACK TO work").run(); !undone) return all_fail(undone.error());
      }
      if (!alone) {
        if (auto released = writer_->statement("RELEASE work").run(); !released) return all_fail(released.error());
      }
    }
    if (auto committed = writer_->statement("COMMIT").run(); !committed) return all_fail(committed.error());
  }

  static constexpr std::size_t readers_max = 2;

  SqliteOptions options_;
  std::unique_ptr<ProcessLock> lock_;

  std::mutex mutex_;  ///< guards the queue; who leads owns writer_ and names_
  std::deque<Waiter*> waiting_;
  bool leading_ = false;
  std::unique_ptr<Connection> writer_;
  Names names_;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Reader>> free_readers_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  auto store = std::make_unique<SqliteStore>(options);
  if (auto opened = store->open(); !opened) return std::unexpected(opened.error());
  return std::unique_ptr<Store>{std::move(store)};
}

}  // namespace causeway::store
