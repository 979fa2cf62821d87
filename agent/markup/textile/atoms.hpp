#pragma once
/// Pieces of a Textile text that no other rule may look into: RedCloth rips them out first, and so do we.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup::textile {

struct Atom {
  enum class Kind : std::uint8_t { code_block, code, keyboard, literal, comment };
  Kind kind = Kind::literal;
  std::string_view text;      ///< what is inside
  std::string_view language;  ///< of a code_block
  std::string_view whole;     ///< as written
};

/// An atom stands in the text as `begin`, its number, `end`. Control characters are dropped from the text, as Redmine
/// does.
inline constexpr char atom_begin = '\x02';
inline constexpr char atom_end = '\x03';

class Atoms {
 public:
  /// `text` must live as long as the atoms.
  explicit Atoms(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }

  struct Found {
    const Atom* atom = nullptr;
    std::size_t length = 0;  ///< of the placeholder
  };
  /// The atom whose placeholder begins at `position`.
  [[nodiscard]] Found at(std::string_view text, std::size_t position) const;
  /// `text` with every placeholder replaced by what was written there.
  [[nodiscard]] std::string restored(std::string_view text) const;

 private:
  void add(const Atom& atom);
  [[nodiscard]] static Atom code_block(std::string_view inside, std::string_view whole);

  std::string text_;
  std::vector<Atom> atoms_;
};

}  // namespace causeway::markup::textile
