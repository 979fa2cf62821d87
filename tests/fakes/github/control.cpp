#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
Response GitHub::answer_control(Call&) { return not_found(); }
}  // namespace causeway::fakes::github
