#include "agent/model/plan.hpp"

namespace causeway {

std::string_view name(HoldReason reason) {
  switch (reason) {
    case HoldReason::first_publication:
      return "first_publication";
    case HoldReason::redaction:
      return "redaction";
    case HoldReason::rejected:
      return "rejected";
    case HoldReason::brake:
      return "brake";
    case HoldReason::permission:
      return "permission";
    case HoldReason::malformed:
      return "malformed";
  }
  return "malformed";
}

}  // namespace causeway
