#include "modules/search/sealing.h"

#include <algorithm>
#include <unordered_map>

namespace jebi::search {

namespace {

constexpr std::size_t grams_at_once_max = 30'000;  // changed by one transaction, some more for the last tweet

using NumbersByGram = std::unordered_map<Gram, Numbers>;

Result<Segment> segment_for(const Call& call, Store& store, std::size_t tweets, std::size_t segment_max) {
    TRY(auto last, store.last_segment(call));
    if (last && last->tweets + tweets <= segment_max) return std::move(*last);
    return Segment{.number = last ? last->number + 1 : 1, .lowest_id = INT64_MAX};
}

void add(Segment& segment, const StoredTweet& tweet, NumbersByGram& grams) {
    const auto number = static_cast<std::uint32_t>(segment.tweets);
    for (const Gram gram : grams_in(tweet.text))
        grams[gram].push_back(number);
    grams[gram_of(UserId{tweet.author})].push_back(number);
    segment.tweets += 1;
    segment.lowest_id = std::min(segment.lowest_id, tweet.id);
    segment.highest_id = std::max(segment.highest_id, tweet.id);
    append_id(segment.ids, tweet.id);
}

// What the segment has of these grams, with what is added to it.
Result<std::vector<Postings>> joined(const Call& call, Store& store, std::uint64_t segment,
                                     const NumbersByGram& added) {
    std::vector<Gram> grams;
    for (const auto& [gram, numbers] : added)
        grams.push_back(gram);
    std::ranges::sort(grams);
    std::unordered_map<Gram, Bytes> kept;
    for (std::span<const Gram> rest{grams}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), Store::grams_read_max));
        TRY(auto there, store.postings(call, some, segment, segment));
        for (Postings& postings : there)
            kept.emplace(postings.gram, std::move(postings.numbers));
        rest = rest.subspan(some.size());
    }
    std::vector<Postings> all;
    for (const Gram gram : grams) {
        Postings postings{.gram = gram, .segment = segment, .numbers = std::move(kept[gram])};
        append(postings.numbers, added.at(gram));
        all.push_back(std::move(postings));
    }
    return all;
}

}  // namespace

Result<std::size_t> seal(const Call& call, Store& store, std::span<const StoredTweet> tweets,
                         std::size_t segment_max) {
    if (tweets.empty()) return 0;
    TRY(Segment segment, segment_for(call, store, tweets.size(), segment_max));
    NumbersByGram grams;
    std::size_t added = 0;
    for (const StoredTweet& tweet : tweets) {
        if (grams.size() >= grams_at_once_max) break;
        add(segment, tweet, grams);
        added += 1;
    }
    TRY(auto postings, joined(call, store, segment.number, grams));
    sql::Batch batch;
    store.put(batch, std::move(postings));
    store.put(batch, segment, tweets.first(added));
    TRY_VOID(store.commit(call, std::move(batch)));
    return added;
}

}  // namespace jebi::search
