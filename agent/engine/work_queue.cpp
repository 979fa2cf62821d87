#include "agent/engine/work_queue.hpp"

namespace causeway::engine {
namespace {

/// More pages are read only while fewer tickets than this wait: what waits is in memory.
constexpr std::size_t tickets_waiting_max = 400;

std::string name_of(const TicketRef& ticket) { return ticket.tracker.value + '/' + ticket.id.value; }

}  // namespace

void WorkQueue::add(PageJob job) {
  {
    const std::scoped_lock lock{mutex_};
    pages_.push_back(std::move(job));
  }
  added_.notify_one();
}

void WorkQueue::add(TicketJob job) {
  {
    const std::scoped_lock lock{mutex_};
    const bool is_new = ticket_names_.insert(name_of(job.hint.ticket)).second;
    if (!is_new && !job.snapshot) return;
    if (!is_new) {
      for (TicketJob& waiting : tickets_) {
        if (waiting.hint.ticket == job.hint.ticket) {
          waiting = std::move(job);
          return;
        }
      }
    }
    tickets_.push_back(std::move(job));
  }
  added_.notify_one();
}

bool WorkQueue::idle_locked() const { return tickets_.empty() && pages_.empty() && in_work_ == 0 && parked_ == 0; }

std::optional<Job> WorkQueue::take_locked() {
  if (!pages_.empty() && tickets_.size() < tickets_waiting_max) {
    // Pages first while there is room: a tracker's answer can be on its way while tickets are worked on.
    Job job = std::move(pages_.front());
    pages_.pop_front();
    ++in_work_;
    return job;
  }
  if (tickets_.empty()) return std::nullopt;
  TicketJob job = std::move(tickets_.front());
  tickets_.pop_front();
  ticket_names_.erase(name_of(job.hint.ticket));
  ++in_work_;
  return job;
}

std::optional<Job> WorkQueue::take() {
  const std::scoped_lock lock{mutex_};
  return take_locked();
}

std::optional<Job> WorkQueue::wait(const std::atomic<bool>& stop) {
  std::unique_lock lock{mutex_};
  while (!stop.load()) {
    if (auto job = take_locked()) return job;
    added_.wait(lock);
  }
  return std::nullopt;
}

void WorkQueue::done() {
  bool idle = false;
  {
    const std::scoped_lock lock{mutex_};
    --in_work_;
    idle = idle_locked();
  }
  // Who has just finished takes the next job itself: workers need not be told.
  if (idle) became_idle_.notify_all();
}

bool WorkQueue::idle() const {
  const std::scoped_lock lock{mutex_};
  return idle_locked();
}

std::size_t WorkQueue::waiting() const {
  const std::scoped_lock lock{mutex_};
  return tickets_.size() + parked_;
}

void WorkQueue::wake_all() {
  const std::scoped_lock lock{mutex_};
  added_.notify_all();
  became_idle_.notify_all();
}

void WorkQueue::wait_idle_for(std::chrono::milliseconds most) {
  std::unique_lock lock{mutex_};
  became_idle_.wait_for(lock, most, [&] { return idle_locked(); });
}

void WorkQueue::wait_for(std::chrono::milliseconds most, const std::atomic<bool>& stop) {
  std::unique_lock lock{mutex_};
  became_idle_.wait_for(lock, most, [&] { return stop.load(); });
}

bool WorkQueue::occupy(const std::set<std::string>& keys, const TicketJob& job) {
  const std::scoped_lock lock{mutex_};
  for (const std::string& key : keys) {
    const auto busy = busy_.find(key);
    if (busy == busy_.end()) continue;
    for (TicketJob& waiting : busy->second) {
      if (waiting.hint.ticket != job.hint.ticket) continue;
      waiting = job;  // the same ticket again: once is enough, and the later reading is the better one
      return false;
    }
    busy->second.push_back(job);
    ++parked_;
    return false;
  }
  for (const std::string& key : keys) busy_.try_emplace(key);
  return true;
}

void WorkQueue::release(const std::set<std::string>& keys) {
  std::size_t freed = 0;
  {
    const std::scoped_lock lock{mutex_};
    for (const std::string& key : keys) {
      const auto place = busy_.find(key);
      if (place == busy_.end()) continue;
      parked_ -= place->second.size();
      for (TicketJob& job : place->second) {
        if (!ticket_names_.insert(name_of(job.hint.ticket)).second) continue;
        tickets_.push_back(std::move(job));
        ++freed;
      }
      busy_.erase(place);
    }
  }
  for (; freed > 0; --freed) added_.notify_one();
}

}  // namespace causeway::engine
