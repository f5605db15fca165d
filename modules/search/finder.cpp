#include "modules/search/finder.h"

#include <algorithm>
#include <unordered_map>

namespace jebi::search {

namespace {

constexpr std::size_t grams_max = 8;  // that choose candidates
constexpr std::size_t first_segments = 1, more_segments = 4, segments_at_once_max = 256;
constexpr std::size_t first_texts = 40;

// Once each: a tweet that was edited is in two places.
void put_newest_first(std::vector<std::uint64_t>& ids) {
    std::ranges::sort(ids, std::ranges::greater{});
    const auto twice = std::ranges::unique(ids);
    ids.erase(twice.begin(), twice.end());
}

}  // namespace

Result<Page> Finder::find(const Call& call) {
    TRY_VOID(look_through_recent(call));
    TRY(const auto segments, store_.segments(call, window_.after, window_.before));
    if (!segments.empty()) TRY_VOID(choose_grams(call, segments.front()));
    std::size_t at_once = first_segments;
    for (Segments rest{segments}; !rest.empty();) {
        if (is_done_before(rest.front().highest_id)) break;
        const auto some = rest.first(std::min(rest.size(), at_once));
        TRY_VOID(look_through(call, some));
        rest = rest.subspan(some.size());
        at_once = std::min(at_once * more_segments, segments_at_once_max);
    }
    return page();
}

Result<void> Finder::look_through_recent(const Call& call) {
    TRY(const auto recent, store_.recent(call, window_.after, window_.before));
    for (const StoredTweet& tweet : recent) {
        if (fits(tweet)) found_.push_back(tweet.id);
    }
    return {};
}

// Those that are rarest in the newest segment; an author's tweets are always chosen by author.
Result<void> Finder::choose_grams(const Call& call, const Segment& newest) {
    const std::vector<Gram> wanted = query_.grams();
    TRY(const auto postings, store_.postings(call, wanted, newest.number, newest.number));
    std::unordered_map<Gram, std::size_t> sizes;
    for (const Postings& one : postings)
        sizes[one.gram] = one.numbers.size();
    grams_ = wanted;
    std::ranges::sort(grams_, {}, [&](Gram gram) { return sizes[gram]; });
    if (grams_.size() > grams_max) grams_.resize(grams_max);
    if (window_.author) grams_.push_back(gram_of(window_.author));
    return {};
}

Result<void> Finder::look_through(const Call& call, Segments segments) {
    const auto [first, last] = std::ranges::minmax(segments, {}, &Segment::number);
    TRY(const auto all, store_.postings(call, grams_, first.number, last.number));
    std::unordered_map<std::uint64_t, std::vector<const Postings*>> of_segment;
    for (const Postings& postings : all)
        of_segment[postings.segment].push_back(&postings);
    for (const Segment& segment : segments) {
        if (is_done_before(segment.highest_id)) break;
        const auto found = of_segment.find(segment.number);
        if (found == of_segment.end() || found->second.size() < grams_.size()) continue;
        TRY_VOID(look_through_segment(call, segment, std::move(found->second)));
    }
    return {};
}

Result<void> Finder::look_through_segment(const Call& call, const Segment& segment,
                                          std::vector<const Postings*> postings) {
    std::ranges::sort(postings, {}, [](const Postings* one) { return one->numbers.size(); });
    Numbers numbers = numbers_in(postings.front()->numbers);
    for (const Postings* other : std::span{postings}.subspan(1))
        keep_common(numbers, other->numbers);
    if (numbers.empty()) return {};
    if (numbers.size() <= first_texts && looked_at_ < looked_at_max)
        return look_at_few(call, segment, numbers);
    TRY(const Ids ids, candidates(call, segment, numbers));
    return look_at(call, ids);
}

// All of them, so that nobody needs to know which are the newest.
Result<void> Finder::look_at_few(const Call& call, const Segment& segment, const Numbers& numbers) {
    TRY(const auto tweets, store_.tweets_at(call, segment.number, numbers));
    for (const StoredTweet& tweet : tweets) {
        if (is_inside(tweet.id) && fits(tweet)) found_.push_back(tweet.id);
    }
    looked_at_ += numbers.size();
    put_newest_first(found_);
    return {};
}

Result<Finder::Ids> Finder::candidates(const Call& call, const Segment& segment, const Numbers& numbers) {
    TRY(const Bytes all, store_.ids_of(call, segment.number));
    Ids ids;
    for (const std::uint32_t number : numbers) {
        const std::uint64_t id = id_at(all, number);
        if (is_inside(id)) ids.push_back(id);
    }
    put_newest_first(ids);
    return ids;
}

Result<void> Finder::look_at(const Call& call, const Ids& candidates) {
    std::size_t fit = 0;
    std::size_t at_once = first_texts;
    for (std::span<const std::uint64_t> rest{candidates}; !rest.empty() && fit <= window_.limit;) {
        const auto some = rest.first(std::min(rest.size(), at_once));
        TRY(const auto tweets, store_.tweets(call, some));
        for (const StoredTweet& tweet : tweets) {
            if (!fits(tweet)) continue;
            found_.push_back(tweet.id);
            fit += 1;
        }
        looked_at_ += some.size();
        rest = rest.subspan(some.size());
        at_once = Store::texts_read_max;
        if (looked_at_ < looked_at_max || rest.empty()) continue;
        reach_ = rest.front() + 1;  // at least once behind one that was looked at, so the next page goes on
        break;
    }
    put_newest_first(found_);
    return {};
}

bool Finder::is_inside(std::uint64_t id) const {
    return id > window_.after && id < window_.before && id >= reach_;
}

bool Finder::fits(const StoredTweet& tweet) const {
    return (!window_.author || tweet.author == window_.author.value) && query_.fits(tweet.text);
}

// Nothing with this id or a lower one belongs on the page: it has not been looked that far, or there is more
// than the page takes.
bool Finder::is_done_before(std::uint64_t highest_id) const {
    if (highest_id < reach_) return true;
    return found_.size() > window_.limit && found_[window_.limit - 1] > highest_id;
}

Page Finder::page() {
    std::erase_if(found_, [this](std::uint64_t id) { return id < reach_; });
    Page page{.ids = std::move(found_), .next = reach_};
    if (page.ids.size() <= window_.limit) return page;
    page.ids.resize(window_.limit);
    page.next = page.ids.back();
    return page;
}

}  // namespace jebi::search
