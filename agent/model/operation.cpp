#include "agent/model/operation.hpp"

#include <type_traits>

namespace causeway {

std::string_view name(const Operation& operation) {
  static constexpr std::array<std::string_view, 5> names{"create_ticket", "edit_ticket", "add_comment", "edit_comment",
                                                         "remove_comment"};
  static_assert(std::variant_size_v<Operation> == names.size());
  return names[operation.index()];
}

bool creates(const Operation& operation) {
  return std::holds_alternative<CreateTicket>(operation) || std::holds_alternative<AddComment>(operation);
}

}  // namespace causeway
