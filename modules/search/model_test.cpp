// Random tweets come, change and go; at rest every search finds what looking through all of them finds.
#include <random>

#include "modules/search/contract_test.h"

using namespace jebi;
using namespace jebi::search;

namespace {

constexpr int acts = 400;
constexpr int acts_between_rests = 80;
constexpr std::array words{"제비", "제비집", "봄",  "swallow", "wall", "a",
                           "ab",   "ba",     "aba", "비",      "집",   "#제비"};

class Life {
public:
    Life(World& world, std::uint64_t seed) : world_(world), random_(seed) {}

    std::uint64_t below(std::uint64_t bound) {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(random_);
    }

    void act() {
        switch (below(12)) {
            case 0:
                return edit();
            case 1:
                return remove();
            case 2:
                return world_.accounts.put(1 + below(8), text(), text());
            case 3:
                return forget();
            default:
                world_.tweets.add(text(), 1 + below(3), below(4));
        }
    }

    void look() {
        for (int i = 0; i < 20; ++i) {
            const std::string query = text();
            CAPTURE(query);
            const std::uint64_t author = below(3);
            CHECK(all_with(world_.service, query, static_cast<std::uint32_t>(1 + below(9)), author) ==
                  tweets_expected(query, author));
        }
        look_at_people();
        look_at_hashtags();
    }

private:
    std::string text() {
        std::string text;
        for (std::uint64_t left = 1 + below(3); left > 0; --left)
            text += (text.empty() ? "" : below(3) == 0 ? "" : " ") + std::string(words[below(words.size())]);
        return text;
    }
    template <typename All>
    std::uint64_t any(const All& all) {
        if (all.empty()) return 0;
        return std::next(all.begin(), static_cast<std::ptrdiff_t>(below(all.size())))->first;
    }
    void edit() {
        if (const std::uint64_t id = any(world_.tweets.kept); id != 0) world_.tweets.change(id, text());
    }
    void remove() {
        if (const std::uint64_t id = any(world_.tweets.kept); id != 0) world_.tweets.remove(id);
    }
    void forget() {
        if (const std::uint64_t id = any(world_.accounts.people); id != 0) world_.accounts.remove(id);
    }

    Ids tweets_expected(const std::string& text, std::uint64_t author) const {
        const Query query = Query::from(text).value();
        Ids ids;
        for (const auto& [id, tweet] : world_.tweets.kept) {
            const bool by_them = author == 0 || tweet.author_id() == author;
            if (by_them && query.fits(normal(tweet.text()))) ids.insert(ids.begin(), id);
        }
        return ids;
    }
    void look_at_people() {
        for (const std::string word : {"제비", "a", "wall"}) {
            Ids found = people_in(people_with(world_.service, word));
            Ids expected;
            for (const auto& [id, user] : world_.accounts.people) {
                if ((user.username() + "\n" + user.display_name()).contains(word)) expected.push_back(id);
            }
            std::ranges::sort(found);
            CHECK(found == expected);
        }
    }
    void look_at_hashtags() {
        std::map<std::string, std::uint64_t> expected;
        for (const auto& [id, tweet] : world_.tweets.kept) {
            std::map<std::string, int> once;
            for (const auto& entity : tweet.entities())
                once[entity.value()] = 1;
            for (const auto& [tag, one] : once)
                expected[tag] += 1;
        }
        HashtagsRequest request;
        request.set_prefix("제");
        request.set_limit(80);
        std::map<std::string, std::uint64_t> found;
        const HashtagsReply reply = world_.service.hashtags(anybody(), request).value();
        for (const auto& tag : reply.hashtags())
            found[tag.hashtag()] = tag.tweets();
        CHECK(found == expected);
    }

    World& world_;
    std::mt19937_64 random_;
};

struct Plan {
    bool fails = false;         // writes fail, before or after they are done
    bool acts_between = false;  // tweets come and go while a change is on its way to the disk
    bool rebuilds = false;
};

void live(const Plan& plan, std::uint64_t seed) {
    CAPTURE(seed);
    World world;
    Life life{world, seed};
    world.room.disturb = [&] {
        if (plan.acts_between && life.below(4) == 0) life.act();
        if (!plan.fails || life.below(3) > 0) return DisturbedRoom::How::well;
        return life.below(2) == 0 ? DisturbedRoom::How::not_at_all : DisturbedRoom::How::done_but_failed;
    };
    for (int done = 1; done <= acts; ++done) {
        life.act();
        if (life.below(15) == 0) {
            const auto handled = world.indexer.run(anybody());
            if (!handled) CHECK(handled.error().code == Code::unavailable);
        }
        if (plan.rebuilds && life.below(40) == 0) {
            for (int tries = 0; tries < 2 && !world.indexer.begin_rebuild(anybody()); ++tries) {
            }
        }
        if (done % acts_between_rests != 0) continue;
        world.settle();
        life.look();
    }
}

// Seeds come from the outside to look at one again, or at more: JEBI_SEED, JEBI_ROUNDS.
void live_often(const Plan& plan) {
    const char* given = std::getenv("JEBI_SEED");
    const char* rounds = std::getenv("JEBI_ROUNDS");
    const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    const std::uint64_t count = rounds != nullptr ? std::strtoull(rounds, nullptr, 10) : 2;
    MESSAGE("JEBI_SEED=" << first);
    for (std::uint64_t seed = first; seed < first + count; ++seed)
        live(plan, seed);
}

}  // namespace

TEST_CASE("searches at rest find what looking through everything finds") {
    live_often({});
}

TEST_CASE("so they do when writes fail and the indexer starts again") {
    live_often({.fails = true});
}

TEST_CASE("so they do when tweets come and go while changes are on their way") {
    live_often({.acts_between = true});
}

TEST_CASE("so they do over rebuilds that are interrupted") {
    live_often({.fails = true, .acts_between = true, .rebuilds = true});
}
