#pragma once
/// What can be asked of a tracker, what must be agreed once it is done, and the only type an adapter accepts.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "agent/model/base.hpp"
#include "agent/model/id.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"

namespace causeway {

namespace policy {
class PrivacyGate;
}

/// Says inside the mirrored text whose words these are and where the original stands. In plain text.
struct Attribution {
  std::string author;  ///< how the author is named on the target; may be a pseudonym
  std::string origin;  ///< "acme/widget#12"; empty where the target's readers must not learn it
  std::string url;     ///< of the original; empty where the target's readers must not learn it
  bool operator==(const Attribution&) const = default;
};

/// Opens a ticket. `ticket` is in the target's words and markup, without attribution and marker: the adapter adds them.
struct CreateTicket {
  Ticket ticket;
  Attribution attribution;
  bool operator==(const CreateTicket&) const = default;
};

/// Changes only what is named. Absolute values, so doing it twice is doing it once.
struct EditTicket {
  std::map<Field, std::optional<std::string>> set;  ///< nullopt clears the field
  std::set<std::string> labels_add;
  std::set<std::string> labels_remove;
  std::optional<Attribution> attribution;  ///< to rebuild what stands around a body we mirrored; set when `body` is set
  std::optional<Marker> envelope;          ///< the marker that stands in the body we mirrored
  std::optional<std::string> twin_url;     ///< put the link to the twin on the ticket
  bool operator==(const EditTicket&) const = default;
  [[nodiscard]] bool empty() const { return set.empty() && labels_add.empty() && labels_remove.empty() && !twin_url; }
};

struct AddComment {
  std::string body;  ///< the target's markup, without attribution and marker
  Attribution attribution;
  Visibility visibility = Visibility::restricted;
  std::vector<Attachment> files = {};  ///< of the other side, to be put on the ticket along with the comment
  bool operator==(const AddComment&) const = default;
};

struct EditComment {
  NativeId comment;
  std::string body;
  Attribution attribution;
  Marker envelope;  ///< the marker the comment carries; the adapter writes it again
  Visibility visibility = Visibility::restricted;
  bool operator==(const EditComment&) const = default;
};

/// Removes a comment that we wrote. Trackers that cannot delete empty it.
struct RemoveComment {
  NativeId comment;
  bool operator==(const RemoveComment&) const = default;
};

using Operation = std::variant<CreateTicket, EditTicket, AddComment, EditComment, RemoveComment>;
/// "create_ticket", "edit_ticket", …: the word used in tables, logs, metrics and output.
[[nodiscard]] std::string_view name(const Operation& operation);
/// Whether repeating it could make a second object, so that it needs a marker and a look (rule 2).
[[nodiscard]] bool creates(const Operation& operation);

/// One label, in each side's words, that both sides now carry or both no longer carry.
struct LabelAgreement {
  std::array<Fingerprint, 2> label{};
  bool present = true;
  bool operator==(const LabelAgreement&) const = default;
};

/// One pair of comments that is now in step, or no longer a pair.
struct CommentAgreement {
  CommentPair pair;  ///< found again by its id on the side where it was born
  bool present = true;
  bool operator==(const CommentAgreement&) const = default;
};

/// What the base must say once an operation is done: fingerprints of both sides at the moment of deciding.
struct Agreement {
  std::map<Field, std::array<Fingerprint, 2>> fields;
  std::vector<LabelAgreement> labels;
  std::vector<CommentAgreement> comments;  ///< an id that is empty on the target side is filled in from the receipt
  std::vector<AttachmentPair> attachments;
  bool operator==(const Agreement&) const = default;
  [[nodiscard]] bool empty() const {
    return fields.empty() && labels.empty() && comments.empty() && attachments.empty();
  }
};

/// An operation with the agreement it brings about.
struct Step {
  Operation operation;
  Agreement agreement;
  bool operator==(const Step&) const = default;
};

/// An operation that has passed the privacy gate. Nobody else can make one, and adapters take nothing else (rule 4).
class Cleared {
 public:
  [[nodiscard]] const Operation& operation() const { return operation_; }

 private:
  friend class policy::PrivacyGate;
  explicit Cleared(Operation operation) : operation_(std::move(operation)) {}
  Operation operation_;
};

/// One write, as an adapter gets it.
struct Intent {
  TicketRef target;  ///< the id is empty for CreateTicket
  Cleared write;
  Marker marker;                           ///< goes into what is created; unused by edits
  std::vector<std::string> contents = {};  ///< the bytes of AddComment's files, in their order
};

/// What the tracker answered.
struct Receipt {
  NativeId written;  ///< of the ticket or comment made; empty when the answer does not tell (Redmine's 204)
  std::optional<Instant> created;  ///< of the ticket made
  std::optional<Ticket> shown;  ///< the ticket made, as the answer shows it: tells the defaults of what we did not set
  std::optional<Instant> updated;   ///< the ticket's stamp after the write, when told
  bool verified = false;            ///< the answer itself showed that everything asked for is there
  std::vector<std::string> losses;  ///< what the target could not hold, in words a person can read
  /// What an edit asked for and the tracker quietly left as it was. Nobody on that side has taken it away.
  std::set<Field> dropped = {};
  std::set<std::string> dropped_labels = {};
  /// What the tracker's history says an edit replaced, where it tells: words that nobody had read go into a conflict.
  std::map<Field, std::optional<std::string>> displaced = {};
  /// The whole ticket, where the adapter had to read it after the write: then no other reading back is needed.
  std::optional<Snapshot> reading = std::nullopt;
  /// Where an AddComment has put its files, in their order; an empty id: not taken, or it is not known where.
  std::vector<Attachment> files = {};
};

}  // namespace causeway
