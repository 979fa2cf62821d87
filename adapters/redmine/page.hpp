#pragma once
/// What Redmine's pages tell and its API does not. Pure.
#include <string_view>
#include <vector>

#include "adapters/redmine/codec.hpp"

namespace causeway::redmine {

/// The custom fields that a project's issue list offers as columns: all that its issues have and this user may see.
/// (`/projects/:id.json?include=issue_custom_fields` leaves out those that are for all projects.)
[[nodiscard]] std::vector<Named> fields_of_list_page(std::string_view html);

}  // namespace causeway::redmine
