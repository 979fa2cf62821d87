#pragma once
/// How one Redmine project is connected.
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "agent/markup/format.hpp"
#include "agent/model/id.hpp"

namespace causeway::redmine {

struct RedmineOptions {
  TrackerId id;
  std::string url;      ///< of the installation, without a trailing slash: "https://redmine.example.org"
  std::string project;  ///< the project's identifier: "support"
  /// The installation's text formatting. It is in no API: `probe` reads it off an issue's page and reports a mismatch.
  markup::Format format = markup::Format::textile;
  /// What we need → the name of the custom field that holds it:
  ///   labels   a list with several values, or a long text with one label a line; without it labels are not mirrored
  ///   twin     a text or link: the address of the twin; without it the twin is only named in the text
  ///   marker   a text: the mark of what we created; without it the mark stands at the end of the description
  /// Others (publish …) are for route conditions, which read them under the field's own name; `probe` checks that they
  /// exist.
  std::map<std::string, std::string> fields;
  /// Values for tickets we create: tracker, category, version, priority, or the name of a custom field.
  std::map<std::string, std::string> create;
  /// Write as this login. Only an administrator's key can: others would silently write as themselves, so for them the
  /// header is never sent and `probe` reports it.
  std::optional<std::string> switch_user;
  /// How long a verified key, and the right to keep a note private, are taken as given before they are asked for again.
  std::chrono::seconds trust{30};
  /// How old the lists of statuses, priorities, versions … may grow: renaming one shows nowhere else.
  std::chrono::seconds dictionary_age{600};
};

}  // namespace causeway::redmine
