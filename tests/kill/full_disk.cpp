/// A disk that is full while the file named by FULL_DISK_WHEN exists: whatever would write to a file says so. Standard
/// output and error go on as before.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

bool is_full(int file) {
  const char* const sign = std::getenv("FULL_DISK_WHEN");
  struct stat about{};
  return sign != nullptr && file > STDERR_FILENO && ::access(sign, F_OK) == 0 && ::fstat(file, &about) == 0 &&
         S_ISREG(about.st_mode);
}

template <class Function, class... Arguments>
ssize_t unless_full(const char* name, int file, Arguments... arguments) {
  if (is_full(file)) {
    errno = ENOSPC;
    return -1;
  }
  const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
  return real(file, arguments...);
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  return unless_full<ssize_t (*)(int, const void*, size_t)>("write", file, data, size);
}

// What `pwrite` is called where files may be large, which is everywhere.
ssize_t pwrite64(int file, const void* data, size_t size, off64_t place) {
  return unless_full<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64", file, data, size, place);
}

}  // extern "C"
