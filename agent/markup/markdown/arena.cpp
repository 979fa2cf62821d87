#include "agent/markup/markdown/arena.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace causeway::markup::markdown {
namespace {

constexpr std::size_t chunk_bytes = 256UL * 1024;
constexpr std::size_t alignment = 16;

struct Chunk {
  std::unique_ptr<char[]> bytes;
  std::size_t size = 0;
};

class Arena {
 public:
  void* allocate(std::size_t size) {
    const std::size_t whole = (size + alignment + alignment - 1) / alignment * alignment;  // a block and its size
    if (whole > size_ - used_) add_chunk(whole);
    char* const block = chunks_.back().bytes.get() + used_ + alignment;
    used_ += whole;
    const std::size_t room = whole - alignment;
    std::memcpy(block - alignment, &room, sizeof room);
    return block;
  }

  void* grow(void* old, std::size_t size) {
    if (old == nullptr) return allocate(size);
    std::size_t room = 0;
    std::memcpy(&room, static_cast<char*>(old) - alignment, sizeof room);
    if (size <= room) return old;
    void* const block = allocate(size);
    std::memcpy(block, old, room);
    return block;
  }

  void reset() {
    if (chunks_.size() > 1) chunks_.erase(chunks_.begin() + 1, chunks_.end());
    size_ = chunks_.empty() ? 0 : chunks_.front().size;
    used_ = 0;
  }

 private:
  void add_chunk(std::size_t at_least) {
    // Chunks grow with the text, so that their number stays small. The first is kept, and never large.
    const std::size_t wanted = chunks_.empty() ? chunk_bytes : 2 * chunks_.back().size;
    if (chunks_.empty() && at_least > chunk_bytes) push(chunk_bytes);
    push(std::max(std::min(wanted, 64 * chunk_bytes), at_least));
  }

  void push(std::size_t size) {
    chunks_.push_back(Chunk{std::make_unique_for_overwrite<char[]>(size), size});
    size_ = size;
    used_ = 0;
  }

  std::vector<Chunk> chunks_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
};

Arena& arena() {
  thread_local Arena instance;
  return instance;
}

void* allocate_zeroed(std::size_t count, std::size_t size) {
  void* const block = arena().allocate(count * size);
  std::memset(block, 0, count * size);
  return block;
}

void* grow(void* old, std::size_t size) { return arena().grow(old, size); }

void release(void* /*block*/) {}

cmark_mem allocator_table{allocate_zeroed, grow, release};

}  // namespace

Borrowed::~Borrowed() { arena().reset(); }

cmark_mem* Borrowed::allocator() const { return &allocator_table; }

}  // namespace causeway::markup::markdown
