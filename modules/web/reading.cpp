#include "modules/web/reading.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "kit/base/unicode.h"
#include "kit/http/message.h"

namespace jebi::web {

namespace {

// As somebody reads it; their marks, where they came with it.
struct Marked {
    SharedTweet tweet;
    std::optional<tweets::Marks> marks{};

    std::uint64_t id() const { return tweet->id(); }
};

}  // namespace

struct Posts::Known {
    std::vector<Marked> entries;
    std::unordered_map<std::uint64_t, SharedTweet> others;  // originals and quotes
    std::unordered_map<std::uint64_t, accounts::User> people;
    std::vector<std::uint64_t> hidden;  // sorted

    const accounts::User* person(std::uint64_t id) const {
        const auto found = people.find(id);
        return found == people.end() || is_hidden(id) ? nullptr : &found->second;
    }
    const tweets::Tweet* other(std::uint64_t id) const {
        const auto found = others.find(id);
        return found == others.end() || found->second->deleted() ? nullptr : found->second.get();
    }
    bool is_hidden(std::uint64_t id) const { return std::ranges::binary_search(hidden, id); }
};

namespace {

using Ids = std::vector<std::uint64_t>;
constexpr std::size_t tweets_a_call = 100;
constexpr std::size_t people_a_call = 100;
constexpr std::size_t hidden_a_call = 200;
constexpr std::uint32_t home_entries_standard = 20;

void keep_distinct(Ids& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    if (!ids.empty() && ids.front() == 0) ids.erase(ids.begin());
}

// Calls `ask` with at most so many of the ids at a time.
template <typename Ask>
Result<void> in_parts(std::span<const std::uint64_t> ids, std::size_t part, Ask ask) {
    for (; !ids.empty(); ids = ids.subspan(std::min(part, ids.size()))) {
        TRY_VOID(ask(ids.first(std::min(part, ids.size()))));
    }
    return {};
}

// The marks apart from the tweet, which is for every reader.
Marked without_marks(tweets::Tweet tweet) {
    Marked marked;
    if (tweet.has_marks()) marked.marks = std::move(*tweet.mutable_marks());
    tweet.clear_marks();
    marked.tweet = std::make_shared<const tweets::Tweet>(std::move(tweet));
    return marked;
}

struct TweetsRead {
    std::vector<Marked> list;  // in the order of the ids asked for
    std::vector<Marked> own;
    std::vector<tweets::AuthorCount> author_counts;
};

// Brings tweets by their ids, and asks with the versions of those that are known here.
class TweetsByIds {
public:
    TweetsByIds(const Site& site, const Call& call, tweets::ByIdsRequest request)
        : site_(site), call_(call), request_(std::move(request)) {}

    Result<TweetsRead> read(std::span<const std::uint64_t> ids) && {
        if (ids.empty() && request_.has_own_after()) TRY_VOID(ask(ids));
        TRY_VOID(
            in_parts(ids, tweets_a_call, [this](std::span<const std::uint64_t> part) { return ask(part); }));
        site_.known_tweets->keep(new_);
        return std::move(read_);
    }

private:
    Result<void> ask(std::span<const std::uint64_t> ids) {
        auto known = site_.known_tweets->of(ids);
        request_.mutable_ids()->Assign(ids.begin(), ids.end());
        request_.clear_known_versions();
        for (const SharedTweet& tweet : known)
            request_.add_known_versions(tweet == nullptr ? 0 : tweet->version());
        TRY(auto reply, site_.tweets.by_ids(call_, request_));
        request_.clear_own_after();  // what is the reader's own comes with the first call
        std::size_t at = 0;
        for (tweets::Tweet& tweet : *reply.mutable_tweets()) {
            while (at < ids.size() && ids[at] != tweet.id())
                ++at;
            if (at < ids.size()) add(read_.list, std::move(tweet), known[at++]);
        }
        for (tweets::Tweet& tweet : *reply.mutable_own())
            add(read_.own, std::move(tweet), nullptr);
        std::ranges::move(*reply.mutable_author_counts(), std::back_inserter(read_.author_counts));
        return {};
    }

    void add(std::vector<Marked>& to, tweets::Tweet tweet, const SharedTweet& known) {
        if (!tweet.unchanged()) {
            const Marked& marked = to.emplace_back(without_marks(std::move(tweet)));
            if (marked.tweet->version() != 0) new_.push_back(marked.tweet);
        } else if (known != nullptr && known->version() == tweet.version()) {
            Marked& marked = to.emplace_back(Marked{.tweet = known});
            if (tweet.has_marks()) marked.marks = std::move(*tweet.mutable_marks());
        }
    }

    const Site& site_;
    const Call& call_;
    tweets::ByIdsRequest request_;
    TweetsRead read_;
    std::vector<SharedTweet> new_;
};

// What could be told, and why it is not all.
struct Users {
    std::vector<accounts::User> list;
    bool recalled = false;
    std::optional<Error> missing;
};
struct Hidden {
    Ids ids;      // sorted; whom nothing is known about is among them
    Ids unknown;  // sorted: these
    bool recalled = false;
    std::unordered_map<std::uint64_t, Beside::Relations> relations;
    std::optional<Error> missing;
};

Users recalled_users(const Site& site, std::span<const std::uint64_t> ids, const Error& why) {
    Users users{.recalled = true};
    const Deadline now = std::chrono::steady_clock::now();
    for (const std::uint64_t id : ids) {
        if (auto user = site.recall->user(id, now)) {
            users.list.push_back(std::move(*user));
        } else {
            users.missing = why;
        }
    }
    return users;
}

// `names`: of people to come besides, in the first call. In no order; who is asked for twice may come twice.
Result<Users> asked_users(const Site& site, const Call& call, std::span<const std::uint64_t> ids,
                          std::span<const std::string> names) {
    Users users;
    const auto ask = [&](std::span<const std::uint64_t> part) -> Result<void> {
        accounts::UsersByIdsRequest request;
        request.mutable_ids()->Assign(part.begin(), part.end());
        request.mutable_usernames()->Assign(names.begin(), names.end());
        names = {};
        TRY(auto reply, site.accounts.users_by_ids(replaceable(call), request));
        std::ranges::move(*reply.mutable_users(), std::back_inserter(users.list));
        return {};
    };
    if (ids.empty() && !names.empty()) TRY_VOID(ask(ids));
    TRY_VOID(in_parts(ids, people_a_call, ask));
    return users;
}

// The same, without asking for whom it was told about just now.
Result<Users> users_by_ids(const Site& site, const Call& call, std::span<const std::uint64_t> ids,
                           std::span<const std::string> names = {}) {
    const Deadline now = std::chrono::steady_clock::now();
    Ids wanted{ids.begin(), ids.end()};
    keep_distinct(wanted);
    std::vector<accounts::User> fresh;
    const Ids other_ids = site.recall->not_fresh(wanted, now, fresh);
    const auto other_names = site.recall->not_fresh(names, now, fresh);
    auto users = asked_users(site, call, other_ids, other_names);
    if (!users && !is_away(users.error())) return users;
    if (users) {
        site.recall->keep(users->list, now);
    } else {
        users = recalled_users(site, other_ids, users.error());
    }
    std::ranges::move(fresh, std::back_inserter(users->list));
    return users;
}

Error blocks_unknown(Error why) {
    return std::move(why).because("seen_unknown");
}

// What was told lately; whom nothing is known about is hidden.
Hidden recall_hidden(const Site& site, const Call& call, const Ids& ids, Recall::Hiding hiding,
                     const Error& why) {
    const Deadline now = std::chrono::steady_clock::now();
    Hidden hidden{.recalled = true};
    for (const std::uint64_t id : ids) {
        const auto was = site.recall->was_hidden(call.user, id, hiding, now);
        if (!was) hidden.unknown.push_back(id);
        if (was.value_or(true)) hidden.ids.push_back(id);
    }
    if (!hidden.unknown.empty()) hidden.missing = blocks_unknown(why);
    return hidden;
}

Result<Hidden> hidden_now_or_lately(const Site& site, const Call& call, Ids ids, Reading::Muted muted,
                                    bool with_counts = false) {
    Hidden hidden;
    if (!call.user) return hidden;
    keep_distinct(ids);
    if (!with_counts) std::erase(ids, call.user.value);
    const auto asked = in_parts(ids, hidden_a_call, [&](std::span<const std::uint64_t> part) -> Result<void> {
        follows::HiddenRequest request;
        request.mutable_user_ids()->Assign(part.begin(), part.end());
        request.set_with_mutes(muted == Reading::Muted::hidden);
        request.set_with_counts(with_counts);
        TRY(const auto reply, site.follows.hidden(replaceable(call), request));
        hidden.ids.insert(hidden.ids.end(), reply.user_ids().begin(), reply.user_ids().end());
        if (static_cast<std::size_t>(reply.counts_size()) != part.size()) return {};
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto& counts = reply.counts(static_cast<int>(i));
            hidden.relations[part[i]] = {.followers = counts.followers(), .following = counts.following()};
        }
        return {};
    });
    const auto hiding =
        muted == Reading::Muted::hidden ? Recall::Hiding::blocks_and_mutes : Recall::Hiding::blocks;
    if (!asked && is_away(asked.error())) return recall_hidden(site, call, ids, hiding, asked.error());
    TRY_VOID(asked);
    std::ranges::sort(hidden.ids);
    site.recall->keep_hidden(call.user, ids, hidden.ids, hiding, std::chrono::steady_clock::now());
    return hidden;
}

// Of the last link that leads to a tweet here.
std::uint64_t quote_in(const tweets::Tweet& tweet, std::string_view host) {
    std::uint64_t quoted = 0;
    if (host.empty()) return quoted;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.kind() != tweets::Entity::KIND_LINK) continue;
        if (const std::uint64_t id = quoted_id(entity.value(), host)) quoted = id;
    }
    return quoted == tweet.id() ? 0 : quoted;
}

// Brings the posts of one list together.
class Reader {
public:
    Reader(const Site& site, const Call& call, const Reading& reading)
        : site_(site), call_(call), reading_(reading) {}

    Result<Posts> posts(std::span<const std::uint64_t> ids) {
        ids = ids.first(std::min(ids.size(), tweets_read_max));
        TRY(auto read, TweetsByIds(site_, call_, request(true)).read(ids));
        return posts(keep_originals(read, ids));
    }

    // `entries_max`: of the page, when the reader's own newest are to come into it; 0: they are in it.
    Result<HomePosts> home(const timelines::HomePage& page, std::size_t entries_max) {
        Ids ids;
        Ids originals;
        for (const auto& entry : page.entries()) {
            ids.push_back(entry.tweet_id());
            originals.push_back(entry.repost_of_id());
        }
        keep_distinct(originals);
        Ids wanted = ids;
        wanted.insert(wanted.end(), originals.begin(), originals.end());
        auto request = this->request(true);
        if (entries_max > 0) request.set_own_after(page.next());
        TRY(auto read, TweetsByIds(site_, call_, std::move(request)).read(wanted));
        auto entries = keep_originals(read, ids);
        HomePosts home{.posts = {}, .next = page.next()};
        if (put_own_into(entries, read, entries_max)) home.next = entries.back().id();
        TRY(home.posts, posts(std::move(entries)));
        return home;
    }

    Result<Posts> posts(std::vector<tweets::Tweet> tweets) {
        std::vector<Marked> entries;
        for (tweets::Tweet& tweet : tweets)
            entries.push_back(without_marks(std::move(tweet)));
        return posts(std::move(entries));
    }

    Result<Posts> posts(std::vector<Marked> entries) {
        if (entries.size() > tweets_read_max) entries.resize(tweets_read_max);
        known_->entries = std::move(entries);
        TRY_VOID(load_originals());
        load_quotes();
        TRY_VOID(load_people());
        Posts posts;
        posts.list.reserve(known_->entries.size());
        for (const Marked& entry : known_->entries)
            add(posts.list, entry);
        mark(posts.list);
        if (missing_ && (!reading_.partly || posts.list.empty())) return std::unexpected(*missing_);
        posts.missing = std::move(missing_);
        posts.beside = std::move(beside_);
        posts.known = std::move(known_);
        return posts;
    }

private:
    tweets::ByIdsRequest request(bool with_marks) const {
        tweets::ByIdsRequest request;
        request.set_with_marks(with_marks);
        request.set_with_author_counts(reading_.with_beside);
        return request;
    }

    // The list is in the order asked for, without those that do not exist: what comes after all entries is an
    // original.
    std::vector<Marked> keep_originals(TweetsRead& read, std::span<const std::uint64_t> ids) {
        keep_author_counts(read);
        std::vector<Marked> entries;
        for (Marked& one : read.list) {
            ids = ids.subspan(static_cast<std::size_t>(std::ranges::find(ids, one.id()) - ids.begin()));
            if (ids.empty()) {
                keep_other(std::move(one.tweet));
            } else {
                entries.push_back(std::move(one));
                ids = ids.subspan(1);
            }
        }
        return entries;
    }

    // True: there are more than the page has room for.
    bool put_own_into(std::vector<Marked>& entries, TweetsRead& read, std::size_t entries_max) {
        if (read.own.empty()) return false;
        for (Marked& one : read.own) {
            own_newest_.push_back(one.id());
            entries.push_back(std::move(one));
        }
        std::ranges::sort(entries, std::greater{}, &Marked::id);
        if (entries.size() <= entries_max) return false;
        entries.resize(entries_max);
        return true;
    }

    void keep_author_counts(const TweetsRead& read) {
        for (const tweets::AuthorCount& count : read.author_counts)
            beside_.statuses[count.author_id()] = count.tweets();
    }

    void keep_other(SharedTweet tweet) {
        const std::uint64_t id = tweet->id();
        known_->others.emplace(id, std::move(tweet));
    }

    const tweets::Tweet* shown_of(const tweets::Tweet& entry) const {
        return entry.repost_of_id() == 0 ? &entry : known_->other(entry.repost_of_id());
    }

    Result<void> load_originals() {
        Ids ids;
        for (const Marked& entry : known_->entries)
            ids.push_back(entry.tweet->repost_of_id());
        return load_others(call_, std::move(ids));
    }

    // A quote is an extra: without it the tweet still reads well.
    void load_quotes() {
        Ids ids;
        for (const Marked& entry : known_->entries) {
            const tweets::Tweet* const tweet = shown_of(*entry.tweet);
            if (tweet != nullptr) ids.push_back(quote_in(*tweet, reading_.host));
        }
        static_cast<void>(load_others(extras(call_), std::move(ids)));
    }

    Result<void> load_others(const Call& call, Ids ids) {
        keep_distinct(ids);
        std::erase_if(ids, [&](std::uint64_t id) { return known_->others.contains(id); });
        if (ids.empty()) return {};
        TRY(auto read, TweetsByIds(site_, call, request(false)).read(ids));
        keep_author_counts(read);
        for (Marked& one : read.list)
            keep_other(std::move(one.tweet));
        return {};
    }

    template <typename Visit>
    void each_tweet(Visit visit) const {
        for (const Marked& entry : known_->entries)
            visit(*entry.tweet);
        for (const auto& [id, tweet] : known_->others)
            visit(*tweet);
    }

    // As many as one call takes.
    std::vector<std::string> names_in_texts() const {
        std::set<std::string> names;
        const auto collect = [&](const tweets::Tweet& tweet) {
            for (const tweets::Entity& entity : tweet.entities()) {
                if (entity.kind() == tweets::Entity::KIND_MENTION && names.size() < people_a_call)
                    names.insert(lower(entity.value()));
            }
        };
        each_tweet(collect);
        return {names.begin(), names.end()};
    }

    void keep_mentioned(std::span<const std::string> names, std::span<const accounts::User> users) {
        for (const std::string& name : names) {
            const auto user = std::ranges::find(users, name, &accounts::User::username);
            beside_.mentioned[name] = user == users.end() ? std::nullopt : std::optional(*user);
        }
    }

    Result<void> load_people() {
        Ids ids;
        const auto name = [&](const tweets::Tweet& tweet) {
            ids.push_back(tweet.author_id());
            ids.push_back(tweet.reply_to_author_id());
        };
        each_tweet(name);
        keep_distinct(ids);
        const auto names = reading_.with_beside ? names_in_texts() : std::vector<std::string>{};
        TRY(Users users, users_by_ids(site_, call_, ids, names));
        missing_people_ = users.missing;
        if (!ids.empty() && !users.recalled) keep_mentioned(names, users.list);
        for (accounts::User& user : users.list) {
            const std::uint64_t id = user.id();
            known_->people.emplace(id, std::move(user));
        }
        TRY(Hidden hidden,
            hidden_now_or_lately(site_, call_, std::move(ids), reading_.muted, reading_.with_beside));
        missing_blocks_ = hidden.missing;
        beside_.relations = std::move(hidden.relations);
        unknown_ = std::move(hidden.unknown);
        if (reading_.is_filtered) trust_the_list(hidden.ids);
        known_->hidden = std::move(hidden.ids);
        return {};
    }

    // Timelines know of a block within two seconds, so they are believed where follows cannot be asked.
    void trust_the_list(Ids& hidden) {
        for (const Marked& entry : known_->entries) {
            if (std::ranges::find(own_newest_, entry.id()) != own_newest_.end()) continue;
            for (const std::uint64_t author :
                 {entry.tweet->author_id(), entry.tweet->repost_of_author_id()}) {
                if (std::erase(unknown_, author) > 0) std::erase(hidden, author);
            }
        }
    }

    // Whose tweet, or repost, it is; without them it is not shown.
    const accounts::User* writer(std::uint64_t id) {
        const accounts::User* const person = known_->person(id);
        if (person != nullptr) return person;
        if (std::ranges::binary_search(unknown_, id)) missing_ = missing_blocks_;
        if (missing_people_ && !known_->people.contains(id)) missing_ = missing_people_;
        return nullptr;
    }

    void add(std::vector<Post>& list, const Marked& marked) {
        const tweets::Tweet& entry = *marked.tweet;
        Post post{.id = entry.id(), .tweet = shown_of(entry)};
        if (marked.marks) post.marks = *marked.marks;
        if (post.tweet != nullptr && !post.tweet->deleted()) post.author = writer(post.tweet->author_id());
        if (entry.repost_of_id() != 0) {
            post.repost = &entry;
            post.reposted_by = writer(entry.author_id());
            if (post.reposted_by == nullptr) return;
        }
        if (post.author != nullptr) {
            add_quote(post);
            post.reply_to = known_->person(post.tweet->reply_to_author_id());
        } else if (!reading_.with_gaps || post.tweet == nullptr) {
            return;
        }
        list.push_back(std::move(post));
    }

    void add_quote(Post& post) const {
        const tweets::Tweet* const quote = known_->other(quote_in(*post.tweet, reading_.host));
        if (quote == nullptr || quote->repost_of_id() != 0) return;
        const accounts::User* const author = known_->person(quote->author_id());
        if (author == nullptr) return;
        post.quote = quote;
        post.quote_author = author;
    }

    void mark(std::vector<Post>& list) const {
        const auto has_marks = [](const Marked& entry) { return entry.marks.has_value(); };
        if (!call_.user || std::ranges::all_of(known_->entries, has_marks)) return;
        for (std::size_t done = 0; done < list.size(); done += tweets_a_call) {
            const auto part = std::span(list).subspan(done, std::min(tweets_a_call, list.size() - done));
            tweets::MarksRequest request;
            for (const Post& post : part)
                request.add_tweet_ids(post.tweet->id());
            const auto reply = site_.tweets.marks(extras(call_), request);
            if (!reply || static_cast<std::size_t>(reply->marks_size()) != part.size()) return;
            for (std::size_t i = 0; i < part.size(); ++i)
                part[i].marks = reply->marks(static_cast<int>(i));
        }
    }

    const Site& site_;
    const Call& call_;
    const Reading& reading_;
    std::shared_ptr<Posts::Known> known_ = std::make_shared<Posts::Known>();
    std::optional<Error> missing_people_;
    std::optional<Error> missing_blocks_;
    Ids unknown_;     // sorted: hidden only because nothing is known about them
    Ids own_newest_;  // of a home: nobody has filtered these
    std::optional<Error> missing_;
    Beside beside_;
};

// What the reader and each of these are to each other, where it can be told.
std::unordered_map<std::uint64_t, follows::Relationship> relationships_of(
    const Site& site, const Call& call, std::span<const std::uint64_t> ids) {
    std::unordered_map<std::uint64_t, follows::Relationship> known;
    if (!call.user) return known;
    static_cast<void>(in_parts(ids, people_a_call, [&](std::span<const std::uint64_t> part) -> Result<void> {
        follows::UserIdsRequest request;
        request.mutable_user_ids()->Assign(part.begin(), part.end());
        TRY(const auto reply, site.follows.relationships(extras(call), request));
        for (const follows::Relationship& relationship : reply.relationships())
            known.emplace(relationship.user_id(), relationship);
        return {};
    }));
    known.erase(call.user.value);
    return known;
}

}  // namespace

Result<Posts> posts_of(const Site& site, const Call& call, std::vector<tweets::Tweet> tweets,
                       const Reading& reading) {
    return Reader(site, call, reading).posts(std::move(tweets));
}

Result<Posts> posts_of(const Site& site, const Call& call, std::span<const std::uint64_t> ids,
                       const Reading& reading) {
    return Reader(site, call, reading).posts(ids);
}

Result<HomePosts> home_of(const Site& site, const Call& call, const Call& home_call,
                          timelines::HomeRequest request, Reading reading) {
    if (request.limit() == 0) request.set_limit(home_entries_standard);
    const bool has_newest = request.before() == 0 && request.newer_than() == 0;
    request.set_without_newest_own(has_newest);
    TRY(const auto page, site.timelines.home(home_call, request));
    reading.is_filtered = true;
    return Reader(site, call, reading).home(page, has_newest ? request.limit() : 0);
}

Result<Posts> post_of(const Site& site, const Call& call, std::uint64_t id, std::string_view host) {
    TRY(auto posts, posts_of(site, call, std::span(&id, 1), {.muted = Reading::Muted::shown, .host = host}));
    if (posts.list.empty())
        return fail(error(Code::not_found, "There is no such tweet.").because("tweet_gone"));
    return posts;
}

Result<std::vector<Person>> people_of(const Site& site, const Call& call,
                                      std::span<const std::uint64_t> ids) {
    TRY(auto people, some_people_of(site, call, ids));
    if (people.missing) return std::unexpected(*people.missing);
    return std::move(people.list);
}

Result<People> some_people_of(const Site& site, const Call& call, std::span<const std::uint64_t> ids) {
    TRY(auto users, users_by_ids(site, call, ids));
    TRY(const Hidden hidden,
        hidden_now_or_lately(site, call, Ids(ids.begin(), ids.end()), Reading::Muted::shown));
    People people;
    people.missing = users.missing ? users.missing : hidden.missing;
    const auto place = [&](const accounts::User& user) { return std::ranges::find(ids, user.id()); };
    std::ranges::sort(users.list, {}, place);
    // Who could not say who is hidden is not asked what they are to each other.
    const auto relationships =
        hidden.recalled ? decltype(relationships_of(site, call, ids)){} : relationships_of(site, call, ids);
    for (accounts::User& user : users.list) {
        if (std::ranges::binary_search(hidden.ids, user.id())) continue;
        Person& person = people.list.emplace_back(Person{.user = std::move(user), .relationship = {}});
        const auto known = relationships.find(person.user.id());
        if (known != relationships.end()) person.relationship = known->second;
    }
    if (people.missing && people.list.empty()) return std::unexpected(*people.missing);
    return people;
}

Result<Ids> hidden_of(const Site& site, const Call& call, Ids ids, Reading::Muted muted) {
    TRY(auto hidden, hidden_now_or_lately(site, call, std::move(ids), muted));
    if (hidden.missing) return std::unexpected(*hidden.missing);
    return std::move(hidden.ids);
}

Result<accounts::User> person_named(const Site& site, const Call& call, const std::string& username) {
    accounts::UserByNameRequest request;
    request.set_username(username);
    const Deadline now = std::chrono::steady_clock::now();
    auto user = site.accounts.user_by_name(replaceable(call), request);
    if (user) site.recall->keep(*user, now);
    if (user || !is_away(user.error())) return user;
    if (auto known = site.recall->user_named(lower(username), now)) return std::move(*known);
    return user;
}

std::uint64_t quoted_id(std::string_view address, std::string_view host) {
    const auto scheme_end = address.find("://");
    if (host.empty() || scheme_end == std::string_view::npos) return 0;
    address.remove_prefix(scheme_end + 3);
    const auto host_end = address.find('/');
    if (host_end == std::string_view::npos || !http::equal_without_case(address.substr(0, host_end), host))
        return 0;
    std::string_view path = address.substr(host_end + 1);
    path = path.substr(0, path.find_first_of("?#"));
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return 0;
    if (path.substr(0, slash) != "tweets" && !path.starts_with('@')) return 0;
    return id_from(path.substr(slash + 1)).value_or(0);
}

}  // namespace jebi::web
