#include "agent/model/result.hpp"

namespace causeway {

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::transient:
      return "transient";
    case Fault::rate_limited:
      return "rate_limited";
    case Fault::outcome_unknown:
      return "outcome_unknown";
    case Fault::stale:
      return "stale";
    case Fault::gone:
      return "gone";
    case Fault::denied:
      return "denied";
    case Fault::rejected:
      return "rejected";
    case Fault::malformed:
      return "malformed";
  }
  return "malformed";
}

}  // namespace causeway
