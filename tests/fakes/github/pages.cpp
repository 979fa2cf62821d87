#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
Response GitHub::answer_page(Call&) { return not_found(); }
}  // namespace causeway::fakes::github
