#include "adapters/redmine/page.hpp"

#include <gmock/gmock.h>

namespace causeway::redmine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RedminePage, NamesTheFieldsThatTheListOffersAsColumns) {
  EXPECT_THAT(
      fields_of_list_page(R"(<select name="available_columns"><option value="project">Project</option>
<option value="cf_1">Labels</option>
<option value="cf_12">Q&amp;A &quot;x&quot; &lt;y&gt; it&#39;s</option><option value="fixed_version.cf_7">Of the version</option>
<option selected="selected" value="cf_3">Shown</option></select>
<label><input type="checkbox" name="c[]" value="cf_4" /> Below the row </label>
<select name="group_by"><option value="cf_1">Labels</option></select>)"),
      ElementsAre(Named{1, "Labels"}, Named{12, "Q&A \"x\" <y> it's"}, Named{3, "Shown"}, Named{4, "Below the row"}));
}

TEST(RedminePage, TakesNothingFromOtherPages) {
  EXPECT_THAT(fields_of_list_page(""), IsEmpty());
  EXPECT_THAT(fields_of_list_page("<html><form>Sign in</form></html>"), IsEmpty());
  EXPECT_THAT(fields_of_list_page("<option value=\"cf_1\">"), IsEmpty());
  EXPECT_THAT(fields_of_list_page("<option value=\"cf_99999999999999999999\">x</option>"), IsEmpty());
  EXPECT_THAT(fields_of_list_page("value=\"cf_1"), IsEmpty());
}

}  // namespace
}  // namespace causeway::redmine
