#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/tweets/service_parts.h"

namespace jebi::tweets {

namespace {

constexpr std::size_t hashtag_bytes_max = 1'000;
constexpr std::uint32_t top_days_max = 30;
constexpr std::uint32_t top_max = 40;
constexpr std::int64_t ms_a_day = 24LL * 3600 * 1000;

std::unexpected<Error> refuse_page(std::string message, std::string field) {
    return fail(error(Code::invalid, std::move(message)).because("bad_page").at(std::move(field)));
}

// What a Position asks for, with one tweet more than is shown: it tells whether there is a next page.
Result<Store::Slice> slice_of(const Position& position) {
    const std::uint32_t limit = position.limit() == 0 ? page_size : position.limit();
    if (limit > page_size_max) return refuse_page("A page has at most 100 tweets.", "limit");
    if (position.page() > page_max)
        return refuse_page("There are at most 1000 pages; go on with a cursor.", "page");
    Store::Slice slice{
        .after = bounded(position.newer_than()), .limit = limit + 1, .oldest = position.from_oldest()};
    if (position.cursor() != 0) {
        slice.before = bounded(position.cursor());
    } else if (position.page() > 1) {
        slice.offset = (position.page() - 1) * limit;
    }
    return slice;
}

TweetPage page_of(std::vector<StoredTweet> tweets, const Store::Slice& slice, const Position& position) {
    TweetPage page;
    const bool more = tweets.size() >= slice.limit;
    if (more) tweets.resize(slice.limit - 1);
    if (more) page.set_next_cursor(tweets.back().id.value);
    if (slice.oldest) std::ranges::reverse(tweets);
    page.mutable_tweets()->Reserve(static_cast<int>(tweets.size()));
    for (StoredTweet& tweet : tweets) {
        if (position.without_texts()) tweet.text.clear();
        *page.add_tweets() = message_of(std::move(tweet));
    }
    return page;
}

bool wants_total(const Position& position) {
    return position.cursor() == 0 && position.page() > 0;
}

std::uint64_t total_of(const std::vector<Store::Counted>& counted, Store::Kinds kinds) {
    if (counted.empty()) return 0;
    const Store::Counted& all = counted.front();
    return all.tweets - (kinds.replies ? 0 : all.replies) - (kinds.reposts ? 0 : all.reposts);
}

}  // namespace

Result<Tweet> Service::by_id(const Call& call, const ByIdRequest& request) {
    TRY(StoredTweet tweet, store_.by_id(call, TweetId{request.id()}));
    return message_of(std::move(tweet));
}

Result<TweetPage> Service::all(const Call& call, const AllRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    const Store::Kinds kinds{.replies = request.with_replies(), .reposts = request.with_reposts()};
    TRY(auto tweets, store_.all(call, kinds, slice));
    TweetPage page = page_of(std::move(tweets), slice, request.position());
    if (wants_total(request.position())) {
        const UserId everybody{};
        TRY(const auto counted, store_.counts(call, {&everybody, 1}));
        page.set_total(total_of(counted, kinds));
    }
    return page;
}

Result<TweetPage> Service::by_author(const Call& call, const ByAuthorRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    const UserId author{bounded(request.author_id())};
    const Store::Kinds kinds{.replies = !request.without_replies(), .reposts = !request.without_reposts()};
    TRY(auto tweets, store_.by_author(call, author, kinds, slice));
    TweetPage page = page_of(std::move(tweets), slice, request.position());
    if (wants_total(request.position()) && author) {
        TRY(const auto counted, store_.counts(call, {&author, 1}));
        page.set_total(total_of(counted, kinds));
    }
    return page;
}

Result<TweetPage> Service::by_authors(const Call& call, const ByAuthorsRequest& request) {
    TRY_VOID(at_most_100(request.author_ids_size(), "authors", "author_ids"));
    if (request.position().page() > 1)
        return refuse_page("This list has no pages; go on with a cursor.", "page");
    TRY(const auto slice, slice_of(request.position()));
    std::vector<UserId> authors;
    for (const std::uint64_t author : request.author_ids())
        authors.push_back(UserId{bounded(author)});
    std::ranges::sort(authors);
    authors.erase(std::ranges::unique(authors).begin(), authors.end());
    TRY(auto tweets, store_.by_authors(call, authors, slice));
    return page_of(std::move(tweets), slice, request.position());
}

Result<TweetPage> Service::by_hashtag(const Call& call, const ByHashtagRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    std::string_view given = request.hashtag();
    if (given.size() > hashtag_bytes_max || !is_utf8(given)) return TweetPage{};
    for (const std::string_view sign : {"#", "＃"}) {
        if (given.starts_with(sign)) given.remove_prefix(sign.size());
    }
    const std::string hashtag = folded(given);
    TRY(auto tweets, store_.by_hashtag(call, hashtag, slice));
    TweetPage page = page_of(std::move(tweets), slice, request.position());
    if (wants_total(request.position())) {
        TRY(const auto total, store_.count_of_hashtag(call, hashtag));
        page.set_total(total);
    }
    return page;
}

Result<CountsReply> Service::counts(const Call& call, const CountsRequest& request) {
    TRY_VOID(at_most_100(request.author_ids_size(), "authors", "author_ids"));
    std::vector<UserId> authors;
    for (const std::uint64_t author : request.author_ids())
        authors.push_back(UserId{bounded(author)});
    TRY(auto counted, store_.counts(call, authors));
    std::ranges::sort(counted, {}, &Store::Counted::author);
    CountsReply reply;
    for (const UserId author : authors) {
        const auto found = std::ranges::lower_bound(counted, author, {}, &Store::Counted::author);
        reply.add_counts(found != counted.end() && found->author == author ? found->tweets : 0);
    }
    return reply;
}

Result<HashtagList> Service::top_hashtags(const Call& call, const TopHashtagsRequest& request) {
    if (request.days() == 0 || request.days() > top_days_max)
        return fail(error(Code::invalid, "The days are from 1 to 30.").because("out_of_range").at("days"));
    if (request.limit() == 0 || request.limit() > top_max)
        return fail(error(Code::invalid, "The limit is from 1 to 40.").because("out_of_range").at("limit"));
    const WallMs since = clock_.wall_ms() - request.days() * ms_a_day;
    TRY(const auto used, store_.top_hashtags(call, since, request.limit()));
    HashtagList list;
    for (const Store::HashtagUse& use : used) {
        HashtagList::Used& one = *list.add_hashtags();
        one.set_hashtag(use.typed);
        one.set_tweets(use.tweets);
        one.set_authors(use.authors);
    }
    return list;
}

}  // namespace jebi::tweets
