#include "agent/markup/textile/atoms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/textile/attributes.hpp"

namespace causeway::markup::textile {
namespace {

/// Where the closing tag of `name` begins from `position` on; the text's end if it is never closed.
std::size_t closing_tag(std::string_view text, std::size_t position, std::string_view name) {
  for (std::size_t open = text.find("</", position); open != std::string_view::npos; open = text.find("</", open + 2)) {
    const RawTag tag = raw_tag(text, open);
    if (tag.length > 0 && tag.name == name) return open;
  }
  return text.size();
}

bool is_dropped(char c) { return static_cast<unsigned char>(c) < 0x20 ? c != '\n' && c != '\t' : c == '\x7F'; }

Atom::Kind kind_of(std::string_view tag) {
  if (tag == "pre") return Atom::Kind::code_block;
  if (tag == "code") return Atom::Kind::code;
  return tag == "kbd" ? Atom::Kind::keyboard : Atom::Kind::literal;
}

}  // namespace

Atoms::Atoms(std::string_view text) {
  text_.reserve(text.size());
  std::size_t done = 0;
  const auto copy_to = [&](std::size_t end) {
    const std::string_view piece = text.substr(done, end - done);
    if (std::ranges::none_of(piece, is_dropped)) {
      text_.append(piece);
    } else {
      std::ranges::copy_if(piece, std::back_inserter(text_), [](char c) { return !is_dropped(c); });
    }
  };
  for (std::size_t open = text.find('<'); open != std::string_view::npos;
       open = text.find('<', std::max(open + 1, done))) {
    if (text.substr(open, 4) == "<!--") {
      const std::size_t close = text.find("-->", open + 4);
      if (close == std::string_view::npos) {
        copy_to(text.size());  // no comment can end any more, but tags may still come
        done = text.size();
        break;
      }
      copy_to(open);
      done = close + 3;
      const std::string_view whole = text.substr(open, done - open);
      add(Atom{Atom::Kind::comment, whole, {}, whole});
      continue;
    }
    const RawTag tag = raw_tag(text, open);
    if (tag.length == 0 || tag.closing) continue;
    copy_to(open);
    const std::size_t inside = open + tag.length;
    const std::size_t close = closing_tag(text, inside, tag.name);
    done = close == text.size() ? close : close + raw_tag(text, close).length;
    const std::string_view content = text.substr(inside, close - inside);
    const std::string_view whole = text.substr(open, done - open);
    const Atom::Kind kind = kind_of(tag.name);
    add(kind == Atom::Kind::code_block ? code_block(content, whole) : Atom{kind, content, {}, whole});
  }
  copy_to(text.size());
}

Atom Atoms::code_block(std::string_view inside, std::string_view whole) {
  Atom atom{Atom::Kind::code_block, inside, {}, whole};
  const std::string_view inner = trimmed(inside);
  const RawTag code = raw_tag(inner, 0);
  if (code.length > 0 && code.name == "code" && !code.closing) {
    const std::size_t close = closing_tag(inner, code.length, "code");
    if (close < inner.size() ? close + raw_tag(inner, close).length == inner.size() : true) {
      atom.text = inner.substr(code.length, close - code.length);
      const std::size_t name = code.attributes.find("class=");
      if (name != std::string_view::npos) {
        std::string_view value = code.attributes.substr(name + 6);
        const char quote = value.empty() ? '\0' : value[0];
        if (quote == '"' || quote == '\'') value = value.substr(1, value.find(quote, 1) - 1);
        atom.language = trimmed(value);
      }
    }
  }
  if (atom.text.starts_with('\n')) atom.text.remove_prefix(1);
  if (atom.text.ends_with('\n')) atom.text.remove_suffix(1);
  return atom;
}

void Atoms::add(const Atom& atom) {
  text_.append(fmt::format("{}{}{}", atom_begin, atoms_.size(), atom_end));
  atoms_.push_back(atom);
}

Atoms::Found Atoms::at(std::string_view text, std::size_t position) const {
  std::size_t number = 0;
  const std::string_view digits = text.substr(position + 1, 20);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || number >= atoms_.size()) return {};
  return {&atoms_[number], static_cast<std::size_t>(end - digits.data()) + 2};
}

std::string Atoms::restored(std::string_view text) const {
  std::string whole;
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t next = std::min(text.find(atom_begin, position), text.size());
    whole.append(text.substr(position, next - position));
    if (next == text.size()) break;
    const Found found = at(text, next);
    if (found.atom == nullptr) break;
    whole.append(found.atom->whole);
    position = next + found.length;
  }
  return whole;
}

}  // namespace causeway::markup::textile
