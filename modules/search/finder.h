// Finding tweets: from the newest segment to the oldest, until a page is full.
//
// A segment's candidates are the tweets that have the rarest grams of the query; the newest of them are read
// and compared until enough fit. So a common word costs a look at the newest segments, and a rare one a few
// rows of each. What is rare is told by the newest segment.
#pragma once

#include "modules/search/store.h"

namespace jebi::search {

// The tweets with after < id < before, newest first.
struct Window {
    std::uint64_t after = 0;
    std::uint64_t before = INT64_MAX;
    UserId author{};  // none: by anybody
    std::size_t limit = 20;
};

struct Page {
    std::vector<std::uint64_t> ids;
    std::uint64_t next = 0;  // `before` of the next page; 0: this was the end
};

// One search; not thread-safe.
class Finder {
public:
    static constexpr std::size_t looked_at_max = 3'000;  // texts a page; then it ends early, and may be empty

    Finder(Store& store, const Query& query, const Window& window)
        : store_(store), query_(query), window_(window) {}

    Result<Page> find(const Call& call);

private:
    using Ids = std::vector<std::uint64_t>;
    using Segments = std::span<const Segment>;

    Result<void> look_through_recent(const Call& call);
    Result<void> look_through(const Call& call, Segments segments);
    Result<void> look_through_segment(const Call& call, const Segment& segment,
                                      std::vector<const Postings*> postings);
    Result<void> look_at_few(const Call& call, const Segment& segment, const Numbers& numbers);
    Result<void> look_at(const Call& call, const Ids& candidates);
    Result<void> choose_grams(const Call& call, const Segment& newest);
    Result<Ids> candidates(const Call& call, const Segment& segment, const Numbers& numbers);
    bool fits(const StoredTweet& tweet) const;
    bool is_inside(std::uint64_t id) const;
    bool is_done_before(std::uint64_t highest_id) const;
    Page page();

    Store& store_;
    const Query& query_;
    Window window_;
    std::vector<Gram> grams_;
    Ids found_;                  // newest first
    std::size_t looked_at_ = 0;  // texts
    std::uint64_t reach_ = 0;    // what is older was not looked at; 0: everything was
};

}  // namespace jebi::search
