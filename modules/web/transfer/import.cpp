#include "modules/web/transfer/import.h"

#include <algorithm>
#include <unordered_map>

#include "kit/base/json.h"
#include "modules/web/show.h"

namespace jebi::web::transfer {

namespace {

constexpr std::size_t names_a_call = 100;
constexpr int tries_max = 3;
constexpr WallMs first_ms = 1'704'067'200'001;  // the first time that ids can tell: 2024

std::unexpected<Error> refuse(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("file"));
}

std::string text_of(const json::Value& object, std::string_view name) {
    const json::Value* const member = object.find(name);
    return member != nullptr && member->text() != nullptr ? *member->text() : "";
}

std::int64_t integer_of(const json::Value& object, std::string_view name) {
    const json::Value* const member = object.find(name);
    return member != nullptr ? member->integer().value_or(0) : 0;
}

const json::Value::Array& array_of(const json::Value& object, std::string_view name) {
    static const json::Value::Array none;
    const json::Value* const member = object.find(name);
    return member != nullptr && member->array() != nullptr ? *member->array() : none;
}

std::vector<std::string> names_of(const json::Value& file, std::string_view list) {
    std::vector<std::string> names;
    for (const json::Value& name : array_of(file, list)) {
        if (name.text() != nullptr) names.push_back(*name.text());
    }
    return names;
}

std::vector<Brought::Tweet> tweets_of(const json::Value& file) {
    std::vector<Brought::Tweet> tweets;
    for (const json::Value& tweet : array_of(file, "tweets")) {
        if (!text_of(tweet, "repost_of").empty()) continue;
        tweets.push_back({.id = text_of(tweet, "id"),
                          .text = text_of(tweet, "text"),
                          .created_ms = integer_of(tweet, "created_ms"),
                          .reply_to = text_of(tweet, "reply_to")});
    }
    return tweets;
}

Result<void> check_format(const json::Value& file) {
    if (text_of(file, "format") != "jebi-account" || integer_of(file, "version") != 1)
        return refuse("This file is no account of jebi, or of a newer one.", "file_unknown");
    const json::Value* const complete = file.find("complete");
    if (complete == nullptr || !complete->flag().value_or(false))
        return refuse("This file was cut off. Export it again.", "file_cut");
    return {};
}

// Brings one file, step by step; each step may be repeated.
class Bringing {
public:
    Bringing(const Site& site, const Call& call, Deadline until)
        : site_(site), asked_by_(call), until_(until) {}

    Outcome run(Brought brought) {
        outcome_.is_whole = bring_profile(brought) && bring_tweets(brought.tweets) &&
                            bring_people(brought.following, &follows::Follows::follow) &&
                            bring_people(brought.muted, &follows::Follows::mute) &&
                            bring_people(brought.blocked, &follows::Follows::block);
        return outcome_;
    }

private:
    using Change = Result<follows::Relationship> (follows::Follows::*)(const Call&,
                                                                       const follows::TargetRequest&);

    Call call() const {
        return Call{
            .user = asked_by_.user, .until = std::min(until_, in(request_max)), .trace = asked_by_.trace};
    }
    bool is_over() const { return std::chrono::steady_clock::now() >= until_; }

    // Away is tried again; what is refused for good is an answer too.
    template <typename Ask>
    auto tried(Ask ask) const {
        auto answer = ask(call());
        for (int tries = 1; tries < tries_max && !answer && is_away(answer.error()) && !is_over(); ++tries)
            answer = ask(call());
        return answer;
    }
    template <typename Answer>
    static bool goes_on(const Answer& answer) {
        return answer || !is_away(answer.error());
    }

    bool bring_profile(const Brought& brought) {
        accounts::ChangeProfileRequest request;
        request.set_display_name(brought.display_name);
        request.set_bio(brought.bio);
        request.set_link(brought.link);
        return goes_on(tried([&](const Call& call) { return site_.accounts.change_profile(call, request); }));
    }

    bool bring_tweets(std::vector<Brought::Tweet>& tweets) {
        std::ranges::stable_sort(tweets, {}, &Brought::Tweet::created_ms);
        std::unordered_map<std::string, std::uint64_t> here;  // by the old ids
        for (const Brought::Tweet& tweet : tweets) {
            if (is_over()) return false;
            tweets::WriteRequest request;
            request.set_text(tweet.text);
            request.set_written_ms(std::max(tweet.created_ms, first_ms));
            if (const auto to = here.find(tweet.reply_to); to != here.end())
                request.set_reply_to_id(to->second);
            const auto written = tried([&](Call call) {
                call.idempotency_key = "import-" + tweet.id;
                return site_.tweets.write(call, request);
            });
            if (!goes_on(written)) return false;
            if (written) here.emplace(tweet.id, written->id());
            ++(written ? outcome_.tweets : outcome_.refused);
        }
        return true;
    }

    bool bring_people(std::span<const std::string> names, Change change) {
        for (; !names.empty(); names = names.subspan(std::min(names_a_call, names.size()))) {
            const auto part = names.first(std::min(names_a_call, names.size()));
            accounts::UsersByNamesRequest request;
            request.mutable_usernames()->Assign(part.begin(), part.end());
            const auto users =
                tried([&](const Call& call) { return site_.accounts.users_by_names(call, request); });
            if (!goes_on(users)) return false;
            const std::size_t found = users ? static_cast<std::size_t>(users->users_size()) : 0;
            outcome_.missing += part.size() - std::min(found, part.size());
            if (users && !change_all(*users, change)) return false;
        }
        return true;
    }

    bool change_all(const accounts::UsersReply& users, Change change) {
        for (const accounts::User& user : users.users()) {
            if (is_over()) return false;
            follows::TargetRequest request;
            request.set_target_id(user.id());
            const auto changed =
                tried([&](const Call& call) { return (site_.follows.*change)(call, request); });
            if (!goes_on(changed)) return false;
            if (changed) ++outcome_.people;
        }
        return true;
    }

    const Site& site_;
    const Call& asked_by_;
    Deadline until_;
    Outcome outcome_;
};

}  // namespace

Result<Brought> brought_from(std::string_view json) {
    const auto file = json::parse(json);
    if (!file) return refuse("This file is not JSON: " + file.error().message, "file_invalid");
    TRY_VOID(check_format(*file));
    Brought brought;
    if (const json::Value* const profile = file->find("profile")) {
        brought.display_name = text_of(*profile, "display_name");
        brought.bio = text_of(*profile, "bio");
        brought.link = text_of(*profile, "link");
    }
    brought.tweets = tweets_of(*file);
    brought.following = names_of(*file, "following");
    brought.blocked = names_of(*file, "blocked");
    brought.muted = names_of(*file, "muted");
    if (brought.tweets.size() > tweets_max ||
        std::max({brought.following.size(), brought.blocked.size(), brought.muted.size()}) > names_max)
        return refuse("This file has more than can be brought at once.", "file_too_large");
    return brought;
}

Outcome bring(const Site& site, const Call& call, Brought brought, Deadline until) {
    return Bringing(site, call, until).run(std::move(brought));
}

}  // namespace jebi::web::transfer
