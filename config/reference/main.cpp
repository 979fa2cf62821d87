/// configuration-reference SOURCE_FOLDER: writes docs/configuration.md there. `./dev docs` calls it.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "config/reference/reference.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: configuration-reference SOURCE_FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = argv[1];
  std::ifstream example{folder + "/config/causeway.example.yaml", std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{example}, {}};
  std::ofstream page{folder + "/docs/configuration.md", std::ios::binary};
  page << causeway::config::reference(text);
  page.close();
  if (example && page) return 0;
  std::fputs(
      "configuration-reference: config/causeway.example.yaml cannot be read, or docs/configuration.md not written\n",
      stderr);
  return 1;
}
