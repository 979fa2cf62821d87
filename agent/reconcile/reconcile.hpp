#pragma once
/// The three-way merge: what both sides last agreed on, what each looks like now → what each needs. Pure: the same
/// inputs give the same plan, and an empty plan means that both sides already agree.
#include <array>
#include <map>
#include <optional>
#include <string>

#include "agent/markup/format.hpp"
#include "agent/model/base.hpp"
#include "agent/model/plan.hpp"
#include "agent/model/ticket.hpp"
#include "mappings/mapping.hpp"

namespace causeway::reconcile {

/// Who wins when both sides changed one field (rule 6).
enum class Winner : std::uint8_t {
  born,  ///< the side where the ticket was born
  left,
  right,
  newest  ///< the side whose tracker stamped the later change
};

/// Which comments of one side are mirrored to the other.
struct CommentRule {
  bool mirrored = true;
  bool open_only = true;  ///< only comments that everybody on their own tracker may read
  /// When set, only comments whose first line is this word, which is taken off ("/community").
  std::string command;
};

struct MergeRules {
  std::array<Winner, field_count> winners{Winner::born,   Winner::born,   Winner::right,
                                          Winner::newest, Winner::newest, Winner::newest};
  std::array<CommentRule, 2> comments;  ///< by the side they were born on
  std::array<bool, 2> names_origin{
      true, true};  ///< whether text written on this side names the other side's ticket and address
  std::array<bool, 2> names_authors{
      true, true};  ///< whether text written on this side names authors; else `anonymous_author`
  /// Further values for tickets opened on this side, by the target's own field names.
  std::array<std::map<std::string, std::string>, 2> create;
  std::string anonymous_author = "Support";  ///< stands for authors where they are not named
  /// Closing the left ticket only proposes to close the right one: an internal note says so, and people decide.
  bool proposes_closing = false;
};

/// How the two tickets of a link belong together.
struct Relation {
  /// The right ticket is a case of its own that waits for the left one, as other cases may: no field is merged,
  /// comments cross, and closing the left ticket is proposed on the right.
  bool follows = false;
  /// The right ticket is a customer's case as well: closing the left one never closes it by itself.
  bool customer_case = false;
};

/// One side as it is now. No snapshot: nothing has changed there since the base was made.
struct View {
  const Snapshot* snapshot = nullptr;
  /// Without a snapshot: a listing that would have shown a change was read to its end moments ago.
  bool fresh = false;
  bool is_public = false;  ///< read by the whole world: nothing restricted is ever chosen for it
  bool is_queue = false;   ///< what nobody has said to be meant for others stays there
  /// Comments here that are our copies of what the public reads already, made by another link of this ticket, with the
  /// fingerprint of their text: they go on to the other side as long as nobody has changed them.
  const std::map<NativeId, Fingerprint>* relayed = nullptr;
  markup::Format format = markup::Format::github;
  std::size_t title_characters_max = 255;
  std::size_t body_bytes_max = 65536;
  bool private_comments = false;
  bool priority = false;
  bool labels = false;
  bool labels_without_blanks = false;
  bool milestone = false;
  bool uploads = false;
  std::uint64_t upload_bytes_max = 0;
};

/// `views[0]` is left. `base` nullopt: one side does not exist yet (its view has no snapshot): the plan creates it.
/// `born` is the side where the ticket was filed first.
[[nodiscard]] Plan reconcile(const std::optional<Base>& base, const std::array<View, 2>& views, Side born,
                             const Mapping& mapping, const MergeRules& rules, const Relation& relation = {});

/// The base of a link that begins to follow: everything that is there by now counts as seen.
[[nodiscard]] Base base_to_follow_from(const std::array<View, 2>& views, const Mapping& mapping);

/// Whether this side's reading shows a field or label other than the base says (of a link that `follows`: the status).
/// Comments are looked at apart.
[[nodiscard]] bool differs(const Base& base, Side side, const std::array<View, 2>& views, const Mapping& mapping,
                           bool follows = false);

/// Puts everything an agreement says into the base. `written` fills the missing id of a comment pair on `target`.
void agree(Base& base, const Agreement& agreement, Side target, const NativeId& written);

/// The same for a write to `target` that is never to be made: what changed on the other side counts as seen, and the
/// target stays as the base has it.
void agree_unwritten(Base& base, const Agreement& agreement, Side target);

/// Text as it will come back from a tracker: what fingerprints of text are made of.
[[nodiscard]] Fingerprint text_fingerprint(markup::Format format, std::string_view text);
/// The fingerprints a base would hold of this ticket.
[[nodiscard]] SideBase side_base(const Snapshot& snapshot, markup::Format format, const Mapping& mapping);

}  // namespace causeway::reconcile
