#include <algorithm>
#include <array>
#include <utility>

#include "agent/markup/adf/shown.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/convert.hpp"
#include "agent/markup/live.hpp"
#include "agent/markup/textile/inline_writer.hpp"

namespace causeway::markup {
namespace {

constexpr std::string_view joiner = "\xE2\x81\xA0";  // U+2060 WORD JOINER: shown as nothing
constexpr std::string_view redirect_host = "redirect.github.com";

/// Where `owner/repo/issues/12` (or a pull request, or a discussion) that begins at `position` ends; 0: none there.
std::size_t issue_path_end(std::string_view text, std::size_t position) {
  for (int name = 0; name < 2; ++name) {
    const std::size_t begin = position;
    while (position < text.size() && (is_word(text[position]) || text[position] == '-' || text[position] == '.'))
      ++position;
    if (position == begin || position >= text.size() || text[position] != '/') return 0;
    ++position;
  }
  constexpr std::array<std::string_view, 4> kinds{"issues/", "pull/", "pulls/", "discussions/"};
  for (const std::string_view kind : kinds) {
    if (!equals_ignoring_case(text.substr(position, kind.size()), kind)) continue;
    const std::size_t digits = position + kind.size();
    std::size_t end = digits;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end > digits ? end : 0;
  }
  return 0;
}

/// `text` with the host of every address of an issue below one of `hosts` replaced.
std::string with_host(std::string_view text, std::span<const std::string_view> hosts, std::string_view host) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t slashes = text.find("//"); slashes != std::string_view::npos;
       slashes = text.find("//", slashes + 1)) {
    const std::size_t begin = slashes + 2;
    for (const std::string_view old : hosts) {
      const std::size_t path = begin + old.size();
      if (!equals_ignoring_case(text.substr(begin, old.size()), old) || path >= text.size() || text[path] != '/')
        continue;
      if (issue_path_end(text, path + 1) == 0) continue;
      out.append(text.substr(done, begin - done)).append(host);
      done = path;
      break;
    }
  }
  return out.append(text.substr(done));
}

std::string redirected(std::string_view text) {
  constexpr std::array<std::string_view, 2> hosts{"github.com", "www.github.com"};
  return with_host(text, hosts, redirect_host);
}

/// Where in a live reference the joiner goes: behind what announces it.
std::size_t break_in(std::string_view reference) {
  if (reference.starts_with("[[") || reference.starts_with("{{")) return 1;
  const std::size_t sign = reference.find_first_of("#:");
  // Behind a colon anything may be a name, so the word before it is taken from it.
  if (sign != std::string_view::npos && reference[sign] == ':') return sign;
  if (sign != std::string_view::npos) return reference.find_first_not_of('#', sign + 1);
  const std::size_t repository = reference.find('|');
  const std::size_t digits =
      reference.find_first_of("0123456789", repository == std::string_view::npos ? 0 : repository);
  return digits == std::string_view::npos ? reference.size() : digits;
}

/// Is this GitHub reference a commit, rather than an issue?
bool is_commit(std::string_view reference) {
  const bool named = reference.size() > 3 && to_lower(reference[0]) == 'g' && reference[2] == '-';
  return !named && reference.find('#') == std::string_view::npos;
}

/// Redmine looks for mentions in the raw text, so wherever text may stand.
std::string without_notifications(std::string_view raw) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t sign = raw.find('@'); sign != std::string_view::npos; sign = raw.find('@', sign + 1)) {
    if (!notifies_on_redmine(raw, sign)) continue;
    out.append(raw.substr(done, sign + 1 - done)).append(joiner);
    done = sign + 1;
  }
  return out.append(raw.substr(done));
}

/// An address that says the same, but in which Redmine finds no mention.
std::string encoded_address(std::string_view address) {
  std::string out;
  for (std::size_t position = 0; position < address.size(); ++position) {
    const bool live = address[position] == '@' && notifies_on_redmine(address, position);
    live ? out.append("%40") : out.append(1, address[position]);
  }
  return out;
}

/// Where each address in `run` begins, whatever its scheme, and where the run ends.
std::vector<std::size_t> partings_of(std::string_view run) {
  std::vector<std::size_t> partings;
  std::size_t begin = 0;
  for (std::size_t sign = run.find("://"); sign != std::string_view::npos; sign = run.find("://", sign + 3)) {
    std::size_t scheme = sign;
    while (scheme > begin && is_letter(run[scheme - 1])) --scheme;
    for (const std::string_view name : {"https", "http", "ftp"}) {
      if (!run.substr(scheme, sign - scheme).ends_with(name)) continue;
      scheme = sign - name.size();
      break;
    }
    if (scheme > begin) partings.push_back(scheme);
    begin = scheme;
  }
  partings.push_back(run.size());
  return partings;
}

/// Finds what is live in a run of characters. What looks like an address may be a link in the target and part the run,
/// or be none and leave it whole: so both the whole and its parts are searched.
class RunSearch {
 public:
  RunSearch(Format target, std::string_view run) : target_(target), run_(run), partings_(partings_of(run)) {}

  /// The first live piece at or after `from`, which never decreases.
  std::optional<Live> next(std::size_t from) {
    if (is_stale(whole_, from)) whole_ = in(begin_, run_.size(), from);
    if (is_stale(part_, from)) part_ = in_parts(from);
    if (!*whole_) return *part_;
    return *part_ && (*part_)->begin < (*whole_)->begin ? *part_ : *whole_;
  }

  /// From `position` on the rest of the characters is a run of its own.
  void begin_run(std::size_t position) {
    begin_ = position;
    whole_.reset();
    part_.reset();
  }

 private:
  using Found = std::optional<std::optional<Live>>;  // nullopt: not searched yet

  static bool is_stale(const Found& found, std::size_t from) { return !found || (*found && (*found)->begin < from); }

  [[nodiscard]] std::optional<Live> in(std::size_t begin, std::size_t end, std::size_t from) const {
    auto live = next_live(target_, run_.substr(begin, end - begin), from - begin);
    if (live) {
      live->begin += begin;
      live->end += begin;
    }
    return live;
  }

  std::optional<Live> in_parts(std::size_t from) {
    if (partings_.size() == 1) return std::nullopt;  // the only part is the whole
    while (part_at_ < partings_.size()) {
      const std::size_t end = partings_[part_at_];
      const std::size_t begin = std::max(begin_, part_at_ == 0 ? 0 : partings_[part_at_ - 1]);
      if (from < end)
        if (const auto live = in(begin, end, std::max(from, begin))) return live;
      ++part_at_;
    }
    return std::nullopt;
  }

  Format target_;
  std::string_view run_;
  std::vector<std::size_t> partings_;
  std::size_t part_at_ = 0;
  std::size_t begin_ = 0;
  Found whole_;
  Found part_;
};

class Neutralizer {
 public:
  Neutralizer(const Document& document, Format target, const MentionMap& mentions)
      : in_(document), target_(target), mentions_(mentions) {
    out_.source = in_.source;
    out_.losses = in_.losses;
    out_.bytes = in_.bytes;
    out_.nodes.reserve(in_.nodes.size());
  }

  Document run() {
    for (Index index = 0; index < in_.size();) {
      close_before(index);
      const Node& node = in_.nodes[index];
      if (in_run(node)) {
        index = flatten(index);
        continue;
      }
      const Index copy = out_.open(tamed(node));
      if (in_.has_children(index)) open_.emplace_back(node.end, copy);
      ++index;
    }
    close_before(in_.size());
    return std::move(out_);
  }

 private:
  using Index = Document::Index;

  [[nodiscard]] bool in_run(const Node& node) const {
    // What Textile cannot link to is written as text.
    if (node.kind == Kind::url) return target_ == Format::textile && !textile::can_link(in_, in_.target(node));
    return node.kind == Kind::text || node.kind == Kind::reference || node.kind == Kind::mention;
  }

  void close_before(Index index) {
    while (!open_.empty() && open_.back().first <= index) {
      out_.close(open_.back().second);
      open_.pop_back();
    }
  }

  /// Text, mentions and references that follow each other are one run of characters to the target.
  Index flatten(Index index) {
    const Index parent_end = open_.empty() ? in_.size() : open_.back().first;
    std::string run;
    for (; index < parent_end && in_run(in_.nodes[index]); ++index) {
      const Node& node = in_.nodes[index];
      if (node.kind != Kind::mention) {
        run.append(in_.text(node));
        continue;
      }
      const auto login = mentions_ ? mentions_(in_.text(node)) : std::nullopt;
      if (login) {
        add_dead(run);
        run.clear();
        out_.leaf(Kind::mention, *login);
      } else {
        run.append("@").append(node.title.size > 0 ? in_.title(node) : in_.text(node));
      }
    }
    // Redmine looks for mentions in the raw text, where the mark of an emphasis may begin a name.
    const bool goes_on = index < parent_end && in_.nodes[index].kind == Kind::emphasis;
    if (is_redmine(target_) && goes_on && run.ends_with('@')) run.append(joiner);
    add_dead(run);
    return index;
  }

  void add_text(std::string& text) {
    if (!text.empty()) out_.leaf(Kind::text, text);
    text.clear();
  }

  void add_dead(std::string_view characters) {
    if (is_jira(target_)) {
      std::string text{characters};
      return add_text(text);
    }
    add_dead_run(is_redmine(target_) ? std::string{characters} : redirected(characters));
  }

  /// Adds `run` with everything in it made dead.
  void add_dead_run(std::string_view run) {
    std::string dead;
    std::size_t done = 0;
    const auto copy_to = [&](std::size_t end) {
      dead.append(is_redmine(target_) ? quiet(run, done, end) : std::string{run.substr(done, end - done)});
      done = end;
    };
    RunSearch search{target_, run};
    for (std::size_t from = 0; auto live = search.next(from);) {
      from = live->kind == Kind::emoji ? live->begin + 1 : live->end;  // an address may begin inside
      if (live->kind == Kind::emoji) continue;
      const bool bracketed = live->inner.starts_with('[') || live->inner.starts_with('{');
      if (is_redmine(target_) && bracketed) {
        from = live->begin + 1;  // quiet() has it
        continue;
      }
      if (live->kind == Kind::mention) {
        copy_to(live->begin);
        dead.append("@").append(joiner);
        done = from = live->begin + 1;
      } else if (!is_redmine(target_) && is_commit(live->inner)) {
        copy_to(live->begin);
        add_text(dead);
        out_.leaf(Kind::code, live->inner);
        // Behind code a new run begins; the joiner tells revive() whose code it is.
        dead.append(joiner);
        done = from = live->end;
        search.begin_run(done);
      } else {
        copy_to(live->begin + break_in(live->inner));
        dead.append(joiner);
        from = done;
      }
    }
    copy_to(run.size());
    add_text(dead);
  }

  /// The piece of `run` from `begin` to `end` with every mention made dead, and whatever might begin a wiki link or a
  /// macro, for its end may stand behind other inlines.
  static std::string quiet(std::string_view run, std::size_t begin, std::size_t end) {
    std::string out;
    for (std::size_t position = begin; position < end; ++position) {
      const char c = run[position];
      out.push_back(c);
      const bool begins = (c == '[' || c == '{') && position + 1 < run.size() && run[position + 1] == c;
      if (begins || (c == '@' && notifies_on_redmine(run, position))) out.append(joiner);
    }
    return out;
  }

  /// A node whose text is not for reading out: kept but for what is found in raw text.
  Node tamed(Node node) {
    if (node.kind == Kind::emoji) return node;
    if (is_jira(target_)) {
      const bool wiki = node.kind == Kind::verbatim || node.kind == Kind::verbatim_block;
      if (wiki && target_ == Format::jira_wiki) node.text = out_.keep(without_wiki_mentions(in_.text(node)));
      return node;
    }
    if (node.kind == Kind::verbatim || node.kind == Kind::verbatim_block) {
      node.text = out_.keep(tamed_raw(in_.text(node)));
      return node;
    }
    if (node.target.size > 0 && (node.kind == Kind::link || node.kind == Kind::url || node.kind == Kind::image)) {
      const std::string_view target = in_.target(node);
      node.target = out_.keep(is_redmine(target_) ? encoded_address(target) : redirected(target));
      if (node.kind == Kind::url)
        node.text = out_.keep(is_redmine(target_) ? encoded_address(in_.text(node)) : redirected(in_.text(node)));
    }
    if (node.kind == Kind::panel || node.kind == Kind::details) {
      node.title = out_.keep(tamed_text(in_.title(node)));
      return node;
    }
    if (!is_redmine(target_)) return node;
    const bool shown = node.kind == Kind::code || node.kind == Kind::image;
    if (shown && node.text.size > 0) node.text = out_.keep(without_notifications(in_.text(node)));
    if (node.title.size > 0) node.title = out_.keep(without_notifications(in_.title(node)));
    if (node.kind == Kind::code_block) tame_code_block(node);
    return node;
  }

  /// Redmine leaves `<pre>` and fenced blocks out when it looks for mentions, unless they seem to end early.
  void tame_code_block(Node& node) {
    const std::string_view code = in_.text(node);
    const bool ends_early = code.find("```") != std::string_view::npos || code.find("~~~") != std::string_view::npos ||
                            code.find("</pre>") != std::string_view::npos;
    if (ends_early) node.text = out_.keep(without_notifications(code));
    if (node.target.size > 0) node.target = out_.keep(without_notifications(in_.target(node)));
  }

  /// Jira's wiki markup that is kept as it stands, with `[~name]` made dead.
  static std::string without_wiki_mentions(std::string_view raw) {
    std::string out;
    for (std::size_t position = 0; position < raw.size(); ++position) {
      out.push_back(raw[position]);
      if (stands_at(raw, position, "[~")) out.append(joiner);
    }
    return out;
  }

  /// HTML and the like: text between tags is read by the target, what is inside a tag only by Redmine's search.
  [[nodiscard]] std::string tamed_raw(std::string_view raw) const {
    std::string out;
    for (std::size_t position = 0; position < raw.size();) {
      const bool tag = raw[position] == '<';
      std::size_t end = std::min(tag ? raw.find('>', position) : raw.find('<', position), raw.size());
      if (tag && end < raw.size()) ++end;
      const std::string_view piece = raw.substr(position, end - position);
      out.append(tag ? tamed_tag(piece) : tamed_text(piece));
      position = end;
    }
    return out;
  }

  [[nodiscard]] std::string tamed_tag(std::string_view tag) const {
    if (!is_redmine(target_)) return redirected(tag);
    std::string out;
    for (std::size_t position = 0; position < tag.size(); ++position) {
      const bool live = tag[position] == '@' && notifies_on_redmine(tag, position);
      live ? out.append("&#64;") : out.append(1, tag[position]);
    }
    return out;
  }

  [[nodiscard]] std::string tamed_text(std::string_view text) const {
    std::string out;
    std::size_t done = 0;
    for (std::size_t from = 0; auto live = next_live(target_, text, from);) {
      from = live->end;
      if (live->kind == Kind::emoji) continue;
      std::size_t cut = live->kind == Kind::mention ? live->begin + 1 : live->begin + break_in(live->inner);
      if (live->kind == Kind::reference && !is_redmine(target_) && is_commit(live->inner)) {
        // No code can be begun here: cut into pieces too short for a commit.
        for (cut = live->begin + 6; cut < live->end; cut += 6) {
          out.append(text.substr(done, cut - done)).append(joiner);
          done = cut;
        }
        continue;
      }
      out.append(text.substr(done, cut - done)).append(joiner);
      done = from = cut;
    }
    out.append(text.substr(done));
    return is_redmine(target_) ? without_notifications(out) : redirected(out);
  }

  const Document& in_;
  Format target_;
  const MentionMap& mentions_;
  Document out_;
  std::vector<std::pair<Index, Index>> open_;  // where each open container ends in `in_`, and its index in `out_`
};

/// Does a joiner at `position` come from neutralize(), going by what stands before it?
bool is_ours(std::string_view text, std::size_t position) {
  constexpr std::string_view announcing = "@#-[{r<";
  if (position == 0) return false;
  const bool before_colon = stands_at(text, position + joiner.size(), ":") && is_word(text[position - 1]);
  return before_colon || announcing.find(text[position - 1]) != std::string_view::npos;
}

/// Where the code span that ends at `end` begins, if it holds nothing but a commit; npos if not.
std::size_t commit_span_begin(std::string_view text, std::size_t end) {
  if (end < 9 || text[end - 1] != '`') return std::string_view::npos;
  const std::size_t open = text.rfind('`', end - 2);
  if (open == std::string_view::npos || (open > 0 && text[open - 1] == '`')) return std::string_view::npos;
  const std::string_view inner = text.substr(open + 1, end - open - 2);
  return commit_end(inner, 0) == inner.size() ? open : std::string_view::npos;
}

/// Markdown has no styles: what they hold runs into the text around it when it is written, so it has to do so before
/// anybody looks for what is live in it.
Document without_styles(const Document& document) {
  constexpr std::string_view loss = "style of text";
  Document plain = document;
  std::vector<Document::Index> places(document.nodes.size() + 1);
  for (Document::Index index = 0, place = 0; index < document.size(); ++index) {
    places[index] = place;
    if (document.nodes[index].kind != Kind::styled) ++place;
    places[index + 1] = place;
  }
  plain.nodes.clear();
  for (const Node& node : document.nodes) {
    if (node.kind == Kind::styled) continue;
    plain.nodes.push_back(node);
    plain.nodes.back().end = places[node.end];
  }
  if (std::ranges::find(plain.losses, loss) == plain.losses.end()) plain.losses.emplace_back(loss);
  return plain;
}

}  // namespace

Document neutralize(Document document, Format target, const MentionMap& mentions) {
  if (target == Format::adf) {
    document = adf::shown(document, adf::Which::of_site);
  } else if (adf::needs_showing(document)) {
    document = adf::shown(document, adf::Which::all);
  }
  const bool styles = std::ranges::any_of(document.nodes, [](const Node& node) { return node.kind == Kind::styled; });
  if (styles && is_markdown(target)) document = without_styles(document);
  return Neutralizer{document, target, mentions}.run();
}

std::string revive(std::string_view native_text) {
  constexpr std::string_view escaped_sign = "&#64;";
  std::string out;
  std::size_t done = 0;
  for (std::size_t mark = native_text.find(joiner); mark != std::string_view::npos;
       mark = native_text.find(joiner, mark + joiner.size())) {
    const std::size_t span = commit_span_begin(native_text, mark);
    if (span != std::string_view::npos && span >= done) {
      out.append(native_text.substr(done, span - done)).append(native_text.substr(span + 1, mark - span - 2));
    } else if (mark >= done + escaped_sign.size() && native_text.substr(0, mark).ends_with(escaped_sign)) {
      // In Textile an `@` before what is no letter would end a code span; before the login it may be one again.
      out.append(native_text.substr(done, mark - escaped_sign.size() - done)).append("@");
    } else if (is_ours(native_text, mark)) {
      out.append(native_text.substr(done, mark - done));
    } else {
      continue;
    }
    done = mark + joiner.size();
  }
  out.append(native_text.substr(done));
  constexpr std::array<std::string_view, 1> hosts{redirect_host};
  return with_host(out, hosts, "github.com");
}

}  // namespace causeway::markup
