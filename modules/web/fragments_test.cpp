#include "modules/web/fragments.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::web;

namespace {

SharedHtml html(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

MadeFrom from(std::string_view text) {
    MadeFrom made;
    made.add(text);
    return made;
}

}  // namespace

TEST_CASE("a fragment is found again by the very same, at its place") {
    Fragments fragments;
    CHECK(fragments.find(1, from("a")) == nullptr);
    const auto kept = html("<p>a</p>");
    fragments.keep(1, from("a"), kept);
    CHECK(fragments.find(1, from("a")) == kept);
    CHECK(fragments.find(1, from("b")) == nullptr);
    CHECK(fragments.find(2, from("a")) == nullptr);
}

TEST_CASE("what is made from something else takes its place") {
    Fragments fragments;
    fragments.keep(1, from("a"), html("<p>a</p>"));
    fragments.keep(1, from("b"), html("<p>b</p>"));
    CHECK(fragments.find(1, from("a")) == nullptr);
    CHECK(*fragments.find(1, from("b")) == "<p>b</p>");
}

TEST_CASE("two lists of values are the same only when each value is") {
    MadeFrom one, other, numbers;
    one.add("ab").add("c");
    other.add("a").add("bc");
    numbers.add(2).add("abc");
    CHECK(one.bytes() != other.bytes());
    CHECK(one.bytes() != numbers.bytes());
    CHECK(MadeFrom{}.add(1).add(256).bytes() != MadeFrom{}.add(256).add(1).bytes());
}

TEST_CASE("however many are kept, the room is fixed") {
    Fragments fragments;
    constexpr std::uint64_t places = 10 * Fragments::fragments_max;
    for (std::uint64_t place = 1; place <= places; ++place)
        fragments.keep(place, from("a"), html("<p>a</p>"));
    std::size_t count = 0;
    for (std::uint64_t place = 1; place <= places; ++place)
        if (fragments.find(place, from("a")) != nullptr) ++count;
    CHECK(count <= Fragments::fragments_max);
    CHECK(count > Fragments::fragments_max / 2);
}
