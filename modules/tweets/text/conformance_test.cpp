// twitter-text's own conformance suite, where its files are at hand. Not run of it: cashtags and lists
// (jebi has none), what needs entities from outside ("json", hit highlighting), and the checks of a whole
// text being one URL, which allow more than a text's links.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "kit/base/unicode.h"
#include "modules/tweets/text/text.h"
#include "modules/tweets/text/yaml.h"

namespace jebi::tweets {

namespace {

using Kind = TextEntity::Kind;
using Found = std::vector<std::string>;

const std::filesystem::path folder = "../shared/data/twitter-text/conformance";

bool skipped() {
    if (std::filesystem::exists(folder)) return false;
    std::cout << "skipped: ../shared/data/twitter-text is absent\n";
    return true;
}

Yaml tests_of(const char* file) {
    std::ifstream in(folder / file, std::ios::binary);
    return read_yaml(std::string(std::istreambuf_iterator<char>(in), {}))["tests"];
}

// How many of a section's cases pass.
struct Score {
    std::size_t passed = 0;
    std::size_t total = 0;
    std::vector<std::string> differences;

    void add(const std::string& test, const Found& expected, const Found& found) {
        ++total;
        if (expected == found) {
            ++passed;
        } else {
            differences.push_back(test + ": expected" + listed(expected) + ", found" + listed(found));
        }
    }
    void add(const Score& other) {
        passed += other.passed;
        total += other.total;
        differences.insert(differences.end(), other.differences.begin(), other.differences.end());
    }
    static std::string listed(const Found& found) {
        std::string out;
        for (const std::string& one : found)
            out += " [" + one + "]";
        return found.empty() ? " nothing" : out;
    }
};

// Runs `found` on each case of a section; `expected` reads what the suite expects of it.
template <typename Expected, typename FindIn>
Score run(const Yaml& tests, const char* section, Expected expected, FindIn found) {
    Score score;
    for (const Yaml& test : tests[section].items)
        score.add(test["description"].scalar, expected(test["expected"]), found(test["text"].scalar));
    REQUIRE(score.total > 0);
    std::cout << "twitter-text " << section << ": " << score.passed << " of " << score.total << '\n';
    for (const std::string& difference : score.differences)
        std::cout << "    " << difference << '\n';
    return score;
}

// What a text has of one kind, as it is written there, without its sign.
Found written(std::string_view text, Kind kind) {
    Found found;
    for (const TextEntity& entity : entities(text)) {
        if (entity.kind != kind) continue;
        const bool is_link = kind == Kind::link;
        found.emplace_back(is_link ? text.substr(entity.begin, entity.end - entity.begin) : entity.value);
    }
    return found;
}
Found mentions(std::string_view text) {
    return written(text, Kind::mention);
}
Found hashtags(std::string_view text) {
    return written(text, Kind::hashtag);
}
Found links(std::string_view text) {
    return written(text, Kind::link);
}

Found links_with_scheme(std::string_view text) {
    Found found = links(text);
    std::erase_if(found, [](const std::string& link) { return !lower(link).starts_with("http"); });
    return found;
}

std::string indexed(const std::string& value, const std::string& begin, const std::string& end) {
    return value + " " + begin + "-" + end;
}

// The same with the indices, in code points.
template <Kind kind>
Found with_indices(const std::string& text) {
    Found found = written(text, kind);
    auto next = found.begin();
    for (const TextEntity& entity : entities(text)) {
        if (entity.kind != kind) continue;
        const auto index = [&](std::size_t byte) {
            return std::to_string(code_points(text.substr(0, byte)).points.size());
        };
        *next = indexed(*next, index(entity.begin), index(entity.end));
        ++next;
    }
    return found;
}

// A reply begins with a mention.
Found replies(std::string_view text) {
    for (const TextEntity& entity : entities(text)) {
        const bool is_first = trimmed(text.substr(0, entity.begin)).empty();
        return is_first && entity.kind == Kind::mention ? Found{entity.value} : Found{};
    }
    return {};
}

// A valid name or tag is a text that is one as a whole.
template <Kind kind>
Found is_one(const std::string& text) {
    const std::vector<TextEntity> all = entities(text);
    return {all.size() == 1 && all[0].kind == kind && all[0].end == text.size() ? "true" : "false"};
}

Found weights(const std::string& text) {
    return {std::to_string(weight(nfc(text)))};
}

Found scalars(const Yaml& expected) {
    Found found;
    for (const Yaml& item : expected.items)
        found.push_back(item.scalar);
    return found;
}

Found scalar(const Yaml& expected) {
    return expected.scalar.empty() ? Found{} : Found{expected.scalar};
}

Found weighted_length(const Yaml& expected) {
    return scalar(expected["weightedLength"]);
}

auto values_with_indices(const char* value_name) {
    return [value_name](const Yaml& expected) {
        Found found;
        for (const Yaml& item : expected.items) {
            const Yaml& indices = item["indices"];
            found.push_back(
                indexed(item[value_name].scalar, indices.items.at(0).scalar, indices.items.at(1).scalar));
        }
        return found;
    };
}

Found screen_names(const Yaml& expected) {
    Found found;
    for (const Yaml& item : expected.items)
        found.push_back(item["screen_name"].scalar);
    return found;
}

std::string without_entities(std::string html) {
    for (std::size_t at = 0; (at = html.find("&amp;", at)) != html.npos; ++at)
        html.erase(at + 1, 4);
    return html;
}

// Which anchors the suite's linked text has. A list's name begins with a person's.
std::string anchored(std::string_view attributes, std::string_view inner) {
    if (attributes.contains("hashtag")) return std::string(inner.substr(inner.starts_with("#") ? 1 : 3));
    if (attributes.contains("list-slug")) return std::string(inner.substr(0, inner.find('/')));
    return without_entities(std::string(inner));
}

Found anchors(const Yaml& expected) {
    Found found;
    std::string_view html = expected.scalar;
    for (std::size_t begin = 0; (begin = html.find("<a ")) != html.npos;) {
        html.remove_prefix(begin);
        const std::size_t inner = html.find('>') + 1;
        const std::size_t end = html.find("</a>");
        const std::string_view attributes = html.substr(0, inner);
        if (!attributes.contains("cashtag"))
            found.push_back(anchored(attributes, html.substr(inner, end - inner)));
        html.remove_prefix(end);
    }
    return found;
}

// All that a text has of entities, where links are those with a scheme.
Found anything(const std::string& text) {
    Found found;
    for (const TextEntity& entity : entities(text)) {
        const bool is_bare = entity.kind == Kind::link && entity.value.size() != entity.end - entity.begin;
        if (!is_bare) found.push_back(entity.value);
    }
    return found;
}

void check_all(const Score& score) {
    CAPTURE(score.differences);
    CHECK(score.passed == score.total);
}

}  // namespace

TEST_CASE("mentions are twitter-text's") {
    if (skipped()) return;
    const Yaml extract = tests_of("extract.yml");
    check_all(run(extract, "mentions", scalars, mentions));
    check_all(run(extract, "mentions_with_indices", values_with_indices("screen_name"),
                  with_indices<Kind::mention>));
    check_all(run(extract, "mentions_or_lists_with_indices", screen_names, mentions));
    check_all(run(extract, "replies", scalar, replies));
}

TEST_CASE("user names are twitter-text's, but they may have 30 characters") {
    if (skipped()) return;
    check_all(run(tests_of("validate.yml"), "usernames", scalar, is_one<Kind::mention>));
    const Yaml autolink = tests_of("autolink.yml");
    check_all(run(autolink, "lists", anchors, mentions));
    const Score score = run(autolink, "usernames", anchors, mentions);
    CHECK(score.total == score.passed + 1);
    CHECK(score.differences.at(0) ==
          "DO NOT Autolink username over 20 characters: expected "
          "[username901234567890], found [username9012345678901]");
}

TEST_CASE("hashtags are twitter-text's") {
    if (skipped()) return;
    const Yaml extract = tests_of("extract.yml");
    check_all(run(extract, "hashtags", scalars, hashtags));
    check_all(run(extract, "hashtags_from_astral", scalars, hashtags));
    check_all(
        run(extract, "hashtags_with_indices", values_with_indices("hashtag"), with_indices<Kind::hashtag>));
    check_all(run(tests_of("validate.yml"), "hashtags", scalar, is_one<Kind::hashtag>));
    check_all(run(tests_of("autolink.yml"), "hashtags", anchors, hashtags));
}

TEST_CASE("weights are twitter-text's, version 3") {
    if (skipped()) return;
    const Yaml validate = tests_of("validate.yml");
    check_all(run(validate, "WeightedTweetsWithDiscountedEmojiCounterTest", weighted_length, weights));
    check_all(run(validate, "UnicodeDirectionalMarkerCounterTest", weighted_length, weights));
    // Version 2, where an emoji weighs what its characters weigh.
    const Score before = run(validate, "WeightedTweetsCounterTest", weighted_length, weights);
    CHECK(before.passed + 2 == before.total);
}

TEST_CASE("links are twitter-text's in 95 of 100 cases or more") {
    if (skipped()) return;
    const Yaml extract = tests_of("extract.yml");
    Score score = run(extract, "urls", scalars, links);
    score.add(run(extract, "urls_with_indices", values_with_indices("url"), with_indices<Kind::link>));
    score.add(
        run(extract, "urls_with_directional_markers", values_with_indices("url"), with_indices<Kind::link>));
    score.add(run(extract, "tco_urls_with_params", scalars, links));
    const Yaml autolink = tests_of("autolink.yml");
    score.add(run(autolink, "urls", anchors, links_with_scheme));
    score.add(run(autolink, "all", anchors, anything));
    CAPTURE(score.differences);
    CHECK(score.passed * 100 >= score.total * 95);
}

TEST_CASE("top-level domains are twitter-text's") {
    if (skipped()) return;
    const Yaml tlds = tests_of("tlds.yml");
    check_all(run(tlds, "country", scalars, links));
    check_all(run(tlds, "generic", scalars, links));
}

}  // namespace jebi::tweets
