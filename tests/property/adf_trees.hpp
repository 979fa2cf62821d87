#pragma once
/// Trees of ADF nodes made of random bytes: mostly what an editor writes, sometimes what no schema allows.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup {

class AdfTree {
 public:
  explicit AdfTree(std::span<const std::uint8_t> choices) : choices_(choices) {}

  std::string document() {
    return fmt::format(R"({{"version":1,"type":"doc","content":[{}]}})", list(0, &AdfTree::block));
  }

 private:
  using Make = std::string (AdfTree::*)(int depth);

  std::size_t choice(std::size_t count) {
    if (next_ >= choices_.size()) return 0;
    return choices_[next_++] % count;
  }

  template <std::size_t size>
  std::string_view one_of(const std::array<std::string_view, size>& from) {
    return from[choice(size)];
  }

  std::string list(int depth, Make make) {
    std::string out;
    const std::size_t count = depth > 4 ? 0 : choice(4);
    for (std::size_t index = 0; index < count && next_ < choices_.size(); ++index)
      out.append(index > 0 ? "," : "").append((this->*make)(depth + 1));
    return out;
  }

  std::string block(int depth) {
    const std::string attributes{one_of(attributes_)};
    switch (choice(12)) {
      case 0:
      case 1:
        return fmt::format(R"({{"type":"paragraph","content":[{}]}})", list(depth, &AdfTree::word));
      case 2:
        return fmt::format(R"({{"type":"{}","attrs":{},"content":[{}]}})", one_of(blocks_), attributes,
                           list(depth, &AdfTree::block));
      case 3:
        return fmt::format(R"({{"type":"{}","content":[{}]}})", one_of(lists_), list(depth, &AdfTree::item));
      case 4:
        return fmt::format(R"({{"type":"heading","attrs":{{"level":{}}},"content":[{}]}})", choice(9),
                           list(depth, &AdfTree::word));
      case 5:
        return fmt::format(R"({{"type":"panel","attrs":{{"panelType":"{}"}},"content":[{}]}})", one_of(panels_),
                           list(depth, &AdfTree::block));
      case 6:
        return fmt::format(R"({{"type":"table","content":[{}]}})", list(depth, &AdfTree::row));
      case 7:
        return fmt::format(R"({{"type":"taskList","attrs":{{"localId":"x"}},"content":[{}]}})",
                           list(depth, &AdfTree::task));
      case 8:
        return std::string{one_of(leaves_)};
      case 9:
        return fmt::format(R"({{"type":"codeBlock","content":[{}]}})", list(depth, &AdfTree::word));
      case 10:
        return fmt::format(R"({{"type":"paragraph","marks":[{}],"content":[{}]}})", one_of(block_marks_),
                           list(depth, &AdfTree::word));
      default:
        return fmt::format(R"({{"type":"{}","attrs":{},"content":[{}]}})", one_of(blocks_), attributes,
                           list(depth, &AdfTree::word));
    }
  }

  std::string item(int depth) {
    return fmt::format(R"({{"type":"{}","content":[{}]}})", choice(8) == 7 ? "paragraph" : "listItem",
                       list(depth, &AdfTree::block));
  }

  std::string task(int depth) {
    if (choice(4) == 3) return block(depth);
    return fmt::format(R"({{"type":"taskItem","attrs":{{"localId":"x","state":"{}"}},"content":[{}]}})",
                       choice(2) == 0 ? "TODO" : "DONE", list(depth, &AdfTree::word));
  }

  std::string row(int depth) {
    return fmt::format(R"({{"type":"tableRow","content":[{}]}})", list(depth, &AdfTree::cell));
  }

  std::string cell(int depth) {
    return fmt::format(R"({{"type":"{}","attrs":{},"content":[{}]}})", choice(2) == 0 ? "tableCell" : "tableHeader",
                       one_of(attributes_), list(depth, &AdfTree::block));
  }

  std::string word(int) {
    if (choice(3) == 0) return std::string{one_of(inline_leaves_)};
    std::string marks;
    for (std::size_t count = choice(4); count > 0; --count)
      marks.append(marks.empty() ? "" : ",").append(one_of(marks_));
    return fmt::format(R"({{"type":"text","text":"{}","marks":[{}]}})", one_of(words_), marks);
  }

  static constexpr std::array<std::string_view, 12> words_{
      "a", " b", "c ", "@bob", "#12", "*x*", "https://e.org", "<b>", "a\\nb", "[~bob]", "{code}", ""};
  static constexpr std::array<std::string_view, 13> marks_{
      R"({"type":"strong"})",
      R"({"type":"em"})",
      R"({"type":"code"})",
      R"({"type":"strike"})",
      R"({"type":"underline"})",
      R"({"type":"subsup","attrs":{"type":"sub"}})",
      R"({"type":"subsup","attrs":{"type":"sup"}})",
      R"({"type":"link","attrs":{"href":"https://e.org"}})",
      R"({"type":"link","attrs":{"href":"/browse/A-1","title":"t"}})",
      R"({"type":"textColor","attrs":{"color":"#ff5630"}})",
      R"({"type":"textColor","attrs":{"color":"loud"}})",
      R"({"type":"annotation","attrs":{"id":"1","annotationType":"inlineComment"}})",
      R"({"type":"glow"})"};
  static constexpr std::array<std::string_view, 4> block_marks_{
      R"({"type":"alignment","attrs":{"align":"center"}})", R"({"type":"alignment","attrs":{"align":"end"}})",
      R"({"type":"indentation","attrs":{"level":2}})", R"({"type":"fontSize","attrs":{"fontSize":"small"}})"};
  static constexpr std::array<std::string_view, 8> blocks_{"blockquote",      "expand",       "nestedExpand",
                                                           "bodiedExtension", "layoutColumn", "layoutSection",
                                                           "nobody",          "decisionItem"};
  static constexpr std::array<std::string_view, 4> attributes_{
      R"({})", R"({"title":"@bob #12"})", R"({"colspan":2,"width":50})", R"({"extensionType":"t","extensionKey":"k"})"};
  static constexpr std::array<std::string_view, 3> lists_{"bulletList", "orderedList", "decisionList"};
  static constexpr std::array<std::string_view, 5> panels_{"info", "note", "error", "custom", "@bob"};
  static constexpr std::array<std::string_view, 7> leaves_{
      R"({"type":"rule"})",
      R"({"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"external","url":"https://e.org/a.png","alt":"@bob"}}]})",
      R"({"type":"mediaGroup","content":[{"type":"media","attrs":{"type":"file","id":"1","collection":"","alt":"#12"}}]})",
      R"({"type":"blockCard","attrs":{"url":"https://github.com/o/r/issues/12"}})",
      R"({"type":"extension","attrs":{"extensionType":"t","extensionKey":"k","text":"@bob"}})",
      R"({"type":"text","text":"loose"})",
      R"(null)"};
  static constexpr std::array<std::string_view, 8> inline_leaves_{
      R"({"type":"hardBreak"})",
      R"({"type":"mention","attrs":{"id":"5b","text":"@bob"}})",
      R"({"type":"mention","attrs":{"id":"all","text":"@all","userType":"SPECIAL"}})",
      R"({"type":"status","attrs":{"text":"see #12 @bob","color":"red"}})",
      R"({"type":"emoji","attrs":{"shortName":":tada:"}})",
      R"({"type":"date","attrs":{"timestamp":"1582152559000"}})",
      R"({"type":"inlineCard","attrs":{"url":"https://github.com/o/r/issues/12"}})",
      R"({"type":"nothing","attrs":{"text":"@bob"}})"};

  std::span<const std::uint8_t> choices_;
  std::size_t next_ = 0;
};

[[nodiscard]] inline std::string adf_tree(std::span<const std::uint8_t> choices) { return AdfTree{choices}.document(); }

}  // namespace causeway::markup
