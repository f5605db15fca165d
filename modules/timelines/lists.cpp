#include "modules/timelines/lists.h"

#include <algorithm>

namespace jebi::timelines {

namespace {

tweets::Position position_of(const Window& window) {
    tweets::Position position;
    position.set_limit(std::min(window.limit, list_page_max));
    position.set_newer_than(window.after);
    if (window.before != INT64_MAX) position.set_cursor(window.before);
    position.set_from_oldest(window.from_oldest);
    position.set_without_texts(true);
    return position;
}

Result<tweets::TweetPage> page_of(const Call& call, tweets::Tweets& tweets,
                                  std::span<const std::uint64_t> authors, const tweets::Position& position) {
    if (authors.size() == 1) {
        tweets::ByAuthorRequest request;
        request.set_author_id(authors[0]);
        *request.mutable_position() = position;
        return tweets.by_author(call, request);
    }
    tweets::ByAuthorsRequest request;
    request.mutable_author_ids()->Add(authors.begin(), authors.end());
    *request.mutable_position() = position;
    return tweets.by_authors(call, request);
}

bool newer(const Entry& a, const Entry& b) {
    return a.tweet > b.tweet;
}

}  // namespace

Entry entry_of(const tweets::Tweet& tweet) {
    return {tweet.id(), tweet.author_id(), tweet.repost_of_id(), tweet.repost_of_author_id()};
}

Result<Piece> listed(const Call& call, tweets::Tweets& tweets, std::span<const std::uint64_t> authors,
                     const Window& window) {
    const tweets::Position position = position_of(window);
    TRY(const auto page, page_of(call, tweets, authors, position));
    Piece piece;
    for (const tweets::Tweet& tweet : page.tweets()) {
        if (tweet.id() > window.after && tweet.id() < window.before) piece.entries.push_back(entry_of(tweet));
    }
    if (window.from_oldest) std::ranges::reverse(piece.entries);
    if (piece.entries.size() >= position.limit()) piece.reach = piece.entries.back().tweet;
    return piece;
}

Result<void> Newest::read(const Call& call, tweets::Tweets& tweets, std::span<const std::uint64_t> authors) {
    while (!authors.empty()) {
        const auto some = authors.first(std::min(authors.size(), authors_at_once_max));
        TRY_VOID(read_some(call, tweets, some));
        cut();
        authors = authors.subspan(some.size());
    }
    return {};
}

Result<void> Newest::read_some(const Call& call, tweets::Tweets& tweets,
                               std::span<const std::uint64_t> authors) {
    Window window{.after = oldest_ == 0 ? 0 : oldest_ - 1, .limit = list_page_max};
    for (std::size_t count = 0; count < entries_max_;) {
        TRY(const Piece piece, listed(call, tweets, authors, window));
        entries_.insert(entries_.end(), piece.entries.begin(), piece.entries.end());
        if (!piece.reach) return {};
        count += piece.entries.size();
        window.before = *piece.reach;
    }
    oldest_ = std::max(oldest_, window.before);  // older ones by these authors were not read
    return {};
}

void Newest::cut() {
    if (entries_.size() > entries_max_) {
        const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(entries_max_) - 1;
        std::ranges::nth_element(entries_, last, newer);
        oldest_ = std::max(oldest_, last->tweet);
    }
    std::erase_if(entries_, [this](const Entry& entry) { return entry.tweet < oldest_; });
}

}  // namespace jebi::timelines
