// The power goes off at any step of anything the store does, on a disk that keeps nothing it was not told to
// keep (kit/disk/forgetful_disk.h). tests/logs/power_cut_test.mjs does the same to the whole program on a
// real file system, which is kinder: ext4 writes names down by itself.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <thread>

#include "kit/disk/forgetful_disk.h"
#include "modules/log_analytics/store/store.h"
#include "modules/log_analytics/store/testing.h"

namespace jebi::log_analytics {
namespace {

constexpr int rounds = 60, writers = 3, batches_max = 60, batch_rows_max = 40;
constexpr std::uint64_t steps_max = 250;  // until the power goes off
constexpr Millis answer_max{500};         // without power nothing is sealed, and a full store answers nobody

class Powerless {
public:
    explicit Powerless(std::uint64_t seed) : random_(seed), disk_(seed) {}

    // Writes until the power goes off, and looks at what is left.
    void round() {
        disk_.cut_power_at(1 + random_() % steps_max);
        if (auto store = open()) {
            std::vector<std::vector<std::string>> sent(writers);
            {
                std::vector<std::jthread> threads;
                for (std::size_t i = 0; i < writers; ++i)
                    threads.emplace_back([&, i] { sent[i] = write_until_it_fails(*store, i); });
            }
            for (const auto& acknowledged : sent)
                acknowledged_.insert(acknowledged.begin(), acknowledged.end());
            ++rounds_;
            sealed_ += store->stats().sealed;
            merged_ += store->stats().merged;
        }
        disk_.power_on();
        compare();
    }

    std::uint64_t sealed() const { return sealed_; }
    std::uint64_t merged() const { return merged_; }
    std::size_t acknowledged() const { return acknowledged_.size(); }

private:
    std::unique_ptr<Store> open() {
        auto store = Store::open({.folder = folder_.path(),
                                  .tail_rows_max = 100,
                                  .segment_rows_max = 2'000,
                                  .merge_count = 3,
                                  .retry_pause = Millis{1}},
                                 disk_, clock_);
        return store ? std::move(*store) : nullptr;
    }

    // The ids of the rows that were acknowledged.
    std::vector<std::string> write_until_it_fails(Store& store, std::size_t writer) {
        std::vector<std::string> acknowledged;
        for (int i = 0; i < batches_max; ++i) {
            Rows rows;
            std::vector<std::string> ids;
            for (int n = 0; n <= i * 7 % batch_rows_max; ++n) {
                ids.push_back(std::to_string(rounds_) + "-" + std::to_string(writer) + "-" +
                              std::to_string(i) + "-" + std::to_string(n));
                rows.begin(1'800'000'000'000);
                rows.text("event_id", ids.back());
                rows.end();
            }
            if (!store.write(std::move(rows), in(answer_max))) break;
            std::ranges::move(ids, std::back_inserter(acknowledged));
        }
        return acknowledged;
    }

    void compare() {
        const auto store = open();
        REQUIRE(store != nullptr);
        for (const std::string& damage : store->damaged())
            FAIL_CHECK(damage);
        std::set<std::string> there;
        for (std::string& line : lines_of(store->snapshot())) {
            std::string id = line.substr(line.find(':') + 1);
            id.resize(id.find(' '));
            if (!there.insert(std::move(id)).second) FAIL("twice: " << line);
        }
        std::vector<std::string> lost;
        std::ranges::set_difference(acknowledged_, there, std::back_inserter(lost));
        CHECK_MESSAGE(lost.empty(), lost.size() << " acknowledged, and lost: " << lost.front());
    }

    std::mt19937_64 random_;
    disk::ForgetfulDisk disk_;
    TestFolder folder_;  // for the lock alone
    ManualClock clock_;
    std::set<std::string> acknowledged_;
    int rounds_ = 0;
    std::uint64_t sealed_ = 0, merged_ = 0;
};

}  // namespace

TEST_CASE("nothing acknowledged is lost or doubled, whenever the power goes off") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed: " << seed);
    Powerless store{seed};
    for (int i = 0; i < rounds; ++i)
        store.round();
    CHECK(store.acknowledged() > 0);
    CHECK(store.sealed() > rounds / 4);
    CHECK(store.merged() > 0);
}

}  // namespace jebi::log_analytics
