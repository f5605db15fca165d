#include "modules/search/text.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace jebi;
using namespace jebi::search;

namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view text) {
    return Query::from(text).value().words;
}

}  // namespace

TEST_CASE("texts compare without case, width and runs of white space") {
    CHECK(normal("  Ｊｅｂｉ \n\n\u3000제비\t") == "jebi 제비");
    CHECK(normal("Straße") == "strasse");
    CHECK(normal("\u1112\u1161\u11ab") == "한");  // NFD
    CHECK(normal("\u200b").empty());
}

TEST_CASE("a query is words and quotations") {
    CHECK(words_of("Swallow  제비") == Words{"swallow", "제비"});
    CHECK(words_of("\"two words\" one") == Words{"two words", "one"});
    CHECK(words_of("a\"b c\"d") == Words{"a", "b c", "d"});
    CHECK(words_of("\"open end") == Words{"open end"});
    CHECK(words_of("\" \" \"\"").empty());
    CHECK(words_of(std::string(200, 'a')).size() == 1);
    std::string longest;
    for (int i = 0; i < 200; ++i)
        longest += "\U0001F426";
    CHECK(words_of(longest).size() == 1);
    CHECK_FALSE(Query::from(longest + "a"));
}

TEST_CASE("what a query looks for is in every text that fits it") {
    const std::string text = normal("봄이라서 제비가 왔다 C++23 🐦");
    const auto grams = grams_in(text);
    for (const char* part : {"제비", "비가", "이라서", "c++", "\"제비가 왔다\"", "🐦", "봄", "23"}) {
        CAPTURE(part);
        const Query query = Query::from(part).value();
        CHECK(query.fits(text));
        for (const Gram gram : query.grams())
            CHECK(std::ranges::binary_search(grams, gram));
    }
    CHECK_FALSE(Query::from("비왔").value().fits(text));
    CHECK(gram_of(UserId{7}) < 0);  // no letter's
}
