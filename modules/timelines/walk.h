// Reading a home from a place on, newest first or oldest first, out of what is kept and of the authors'
// lists.
//
// From the tweet on from which a home is complete, its entries are kept, but for two: one's own newest, that
// may not have been followed yet, and those of merged authors. Both are asked of tweets, in one call for 100
// authors. What is older comes from the lists of oneself and the people one followed last (at most
// `older_authors_max`).
#pragma once

#include "modules/follows/follows.jebi.h"
#include "modules/timelines/lists.h"

namespace jebi::timelines {

inline constexpr std::uint32_t older_authors_max = 499;  // with oneself: five calls a page

class Walk {
public:
    // without: where the caller has one's own newest from elsewhere.
    enum class NewestOwn : std::uint8_t { with, without };
    Walk(tweets::Tweets& tweets, follows::Follows& follows, Store& store, UserId owner,
         NewestOwn newest_own = NewestOwn::with)
        : tweets_(tweets), follows_(follows), store_(store), owner_(owner), newest_own_(newest_own) {}

    // At most window.limit entries in the order of the walk. `reach`: there may be more beyond this tweet,
    // which is the last entry's when the page is full; rarely, where much is hidden, it is not full.
    Result<Piece> read(const Call& call, Window window);

private:
    using Ids = std::vector<std::uint64_t>;
    // The window's next part, up to where what is kept begins or ends.
    struct Part {
        Window window;
        bool kept = false;
        bool last = false;
    };
    Part part_of(const Window& window) const;
    Result<Piece> read_part(const Call& call, const Part& part);
    Result<void> read_kept(const Call& call, const Window& window, Piece& piece);
    Result<void> read_lists(const Call& call, const Ids& authors, const Window& window, Piece& piece);
    Result<Ids> older_authors(const Call& call);
    Result<void> leave_out_hidden(const Call& call, std::vector<Entry>& entries);

    tweets::Tweets& tweets_;
    follows::Follows& follows_;
    Store& store_;
    UserId owner_;
    NewestOwn newest_own_;
    Owner kept_;
};

}  // namespace jebi::timelines
