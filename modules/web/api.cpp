#include "modules/web/api.h"

#include <algorithm>
#include <array>
#include <map>

#include "kit/base/json.h"
#include "modules/web/door.h"
#include "modules/web/visit.h"

namespace jebi::web {

namespace {

using Answer = Result<http::Response>;
constexpr std::uint32_t page_size = 15;
constexpr std::uint64_t page_size_max = 100;

std::optional<std::string> bearer_token(const http::Request& request) {
    const auto field = request.fields.get("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!field || field->size() <= scheme.size() ||
        !http::equal_without_case(field->substr(0, scheme.size()), scheme)) {
        return std::nullopt;
    }
    return std::string(field->substr(scheme.size()));
}

struct Asker {
    Call call;
    std::string username{};
};

// The call of a request, with its user when it bears a token.
Result<Asker> authenticated(const Site& site, const http::Request& request) {
    Asker asker{.call = call_of(request)};
    asker.call.idempotency_key = request.fields.get("Idempotency-Key").value_or("");
    const auto token = bearer_token(request);
    if (!token) return asker;
    accounts::AuthenticateRequest authenticate;
    authenticate.set_token(*token);
    TRY(const auto reply, site.accounts.authenticate(asker.call, authenticate));
    asker.call.user = UserId{reply.user().id()};
    asker.username = reply.user().username();
    return asker;
}

Result<json::Value> object_of(const http::Request& request) {
    TRY(json::Value value, json::parse(request.body));
    if (value.object() == nullptr)
        return fail(error(Code::invalid, "The body must be a JSON object.").because("bad_json"));
    return value;
}

// A member that must be text when it is there.
Result<std::string> member(const json::Value& object, std::string_view name) {
    const json::Value* value = object.find(name);
    if (value == nullptr) return std::string();
    if (value->text() == nullptr) {
        return fail(error(Code::invalid, "\"" + std::string(name) + "\" must be a string.")
                        .because("bad_json")
                        .at(std::string(name)));
    }
    return *value->text();
}

std::string query(const http::Request& request, std::string_view name) {
    const auto form = http::form_from(request.query);
    return form ? std::string(form->get(name).value_or("")) : "";
}

// A number from the query: `standard` when it is absent, `invalid` when it is none or out of its bounds.
Result<std::uint64_t> number(const http::Request& request, std::string_view name, std::uint64_t standard,
                             std::uint64_t max) {
    const std::string text = query(request, name);
    if (text.empty()) return standard;
    const auto value = id_from(text);
    if (!value || *value > max) {
        return fail(error(Code::invalid, "\"" + std::string(name) + "\" must be a number from 1 to " +
                                             std::to_string(max) + ".")
                        .because("bad_number")
                        .at(std::string(name)));
    }
    return *value;
}

void write_user(json::Writer& out, const accounts::User& user) {
    out.begin_object().key("id").id(user.id()).key("username").string(user.username());
    out.key("display_name")
        .string(user.display_name())
        .key("bio")
        .string(user.bio())
        .key("link")
        .string(user.link());
    out.key("created_at").string(iso8601(user.created_ms())).end_object();
}

void write_tweet(json::Writer& out, const tweets::Tweet& tweet, const accounts::User& author) {
    out.begin_object().key("id").id(tweet.id()).key("text").string(tweet.text()).key("author");
    write_user(out, author);
    out.key("created_at").string(iso8601(tweet.created_ms())).key("edited_at");
    if (tweet.edited_ms() == 0) {
        out.null();
    } else {
        out.string(iso8601(tweet.edited_ms()));
    }
    out.end_object();
}

using Authors = std::map<std::uint64_t, accounts::User>;

template <typename Tweets>
Result<Authors> authors_of(const Site& site, const Call& call, const Tweets& tweets) {
    accounts::UsersByIdsRequest request;
    Authors authors;
    for (const tweets::Tweet& tweet : tweets) {
        if (authors.try_emplace(tweet.author_id()).second) request.add_ids(tweet.author_id());
    }
    TRY(auto users, site.accounts.users_by_ids(call, request));
    authors.clear();
    for (accounts::User& user : *users.mutable_users())
        authors[user.id()] = std::move(user);
    return authors;
}

Answer tweet_answer(const Site& site, const Call& call, int status, const tweets::Tweet& tweet) {
    const std::array alone{tweet};
    TRY(const Authors authors, authors_of(site, call, alone));
    const auto author = authors.find(tweet.author_id());
    if (author == authors.end())
        return fail(error(Code::not_found, "There is no such tweet any more.").because("tweet_gone"));
    json::Writer out;
    write_tweet(out, tweet, author->second);
    return http::Response::json(status, out.take());
}

Answer session_answer(const accounts::SessionReply& reply) {
    json::Writer out;
    out.begin_object().key("token").string(reply.token()).key("user");
    write_user(out, reply.user());
    out.end_object();
    http::Response response = http::Response::json(201, out.take());
    response.fields.add("Cache-Control", "no-store");
    return response;
}

Answer sign_up(const Site& site, const Call& call, const http::Request& request) {
    TRY(const json::Value body, object_of(request));
    accounts::SignUpRequest sign_up;
    TRY(*sign_up.mutable_username(), member(body, "username"));
    TRY(*sign_up.mutable_email(), member(body, "email"));
    TRY(*sign_up.mutable_password(), member(body, "password"));
    TRY(*sign_up.mutable_display_name(), member(body, "display_name"));
    *sign_up.mutable_client() = client_of(site, request);
    TRY(const auto reply, site.accounts.sign_up(call, sign_up));
    json::Writer out;
    const accounts::User& user = reply.user();
    out.begin_object().key("id").id(user.id()).key("username").string(user.username());
    out.key("display_name").string(user.display_name()).key("created_at").string(iso8601(user.created_ms()));
    out.key("token").string(reply.token()).end_object();
    http::Response response = http::Response::json(201, out.take());
    response.fields.add("Location", "/api/v1/users/" + user.username());
    response.fields.add("Cache-Control", "no-store");
    return response;
}

Answer sign_in(const Site& site, const Call& call, const http::Request& request) {
    TRY(const json::Value body, object_of(request));
    accounts::SignInRequest sign_in;
    TRY(std::string who, member(body, "username"));
    if (who.empty()) {
        TRY(who, member(body, "email"));
    }
    sign_in.set_username_or_email(who);
    TRY(*sign_in.mutable_password(), member(body, "password"));
    *sign_in.mutable_client() = client_of(site, request);
    TRY(const auto reply, site.accounts.sign_in(call, sign_in));
    return session_answer(reply);
}

Answer sign_out(const Site& site, const Call& call, const http::Request& request) {
    TRY_VOID(signed_in(call));
    accounts::SignOutRequest sign_out;
    sign_out.set_token(bearer_token(request).value_or(""));
    TRY_VOID(site.accounts.sign_out(call, sign_out));
    return http::Response{.status = 204};
}

Answer users(const Site& site, const Call& call, const http::Request& request) {
    TRY(const std::uint64_t page, number(request, "page", 1, 1'000'000));
    TRY(const std::uint64_t limit, number(request, "limit", page_size, page_size_max));
    accounts::UsersRequest wanted;
    wanted.set_page(static_cast<std::uint32_t>(page));
    wanted.set_size(static_cast<std::uint32_t>(limit));
    TRY(const auto reply, site.accounts.users(call, wanted));
    json::Writer out;
    out.begin_object().key("users").begin_array();
    for (const accounts::User& user : reply.users())
        write_user(out, user);
    out.end_array().key("page").integer(static_cast<std::int64_t>(page));
    out.key("total").integer(static_cast<std::int64_t>(reply.total())).end_object();
    return http::Response::json(200, out.take());
}

Result<accounts::User> user_named(const Site& site, const Call& call, std::string name) {
    accounts::UserByNameRequest wanted;
    wanted.set_username(std::move(name));
    return site.accounts.user_by_name(call, wanted);
}

Answer user(const Site& site, const Call& call, const http::Request& request) {
    TRY(const auto user, user_named(site, call, std::string(request.captured_as("name"))));
    json::Writer out;
    write_user(out, user);
    return http::Response::json(200, out.take());
}

// By whom, with which hashtag, or all.
Result<tweets::TweetPage> wanted_tweets(const Site& site, const Call& call, const http::Request& request,
                                        const tweets::Position& position) {
    if (const std::string author = query(request, "author"); !author.empty()) {
        TRY(const auto user, user_named(site, call, author));
        tweets::ByAuthorRequest wanted;
        wanted.set_author_id(user.id());
        *wanted.mutable_position() = position;
        return site.tweets.by_author(call, wanted);
    }
    if (const std::string hashtag = query(request, "hashtag"); !hashtag.empty()) {
        tweets::ByHashtagRequest wanted;
        wanted.set_hashtag(hashtag);
        *wanted.mutable_position() = position;
        return site.tweets.by_hashtag(call, wanted);
    }
    tweets::AllRequest wanted;
    *wanted.mutable_position() = position;
    return site.tweets.all(call, wanted);
}

Answer tweets_list(const Site& site, const Call& call, const http::Request& request) {
    tweets::Position position;
    TRY(const std::uint64_t cursor, number(request, "cursor", 0, INT64_MAX));
    TRY(const std::uint64_t limit, number(request, "limit", page_size, page_size_max));
    position.set_cursor(cursor);
    position.set_limit(static_cast<std::uint32_t>(limit));
    TRY(const auto page, wanted_tweets(site, call, request, position));
    TRY(const Authors authors, authors_of(site, call, page.tweets()));
    json::Writer out;
    out.begin_object().key("tweets").begin_array();
    for (const tweets::Tweet& tweet : page.tweets()) {
        const auto author = authors.find(tweet.author_id());
        if (author != authors.end()) write_tweet(out, tweet, author->second);
    }
    out.end_array().key("next");
    if (page.next_cursor() == 0) {
        out.null();
    } else {
        out.id(page.next_cursor());
    }
    out.end_object();
    return http::Response::json(200, out.take());
}

Result<std::uint64_t> id_of(const http::Request& request) {
    const auto id = id_from(request.captured_as("id"));
    if (!id) return fail(error(Code::not_found, "There is no such tweet.").because("tweet_gone"));
    return *id;
}

Answer write(const Site& site, const Call& call, const http::Request& request) {
    TRY_VOID(signed_in(call));
    TRY(const json::Value body, object_of(request));
    tweets::WriteRequest wanted;
    TRY(*wanted.mutable_text(), member(body, "text"));
    TRY(const auto tweet, site.tweets.write(call, wanted));
    TRY(http::Response response, tweet_answer(site, call, 201, tweet));
    response.fields.add("Location", "/api/v1/tweets/" + std::to_string(tweet.id()));
    return response;
}

Answer one_tweet(const Site& site, const Call& call, const http::Request& request) {
    tweets::ByIdRequest wanted;
    TRY(const std::uint64_t id, id_of(request));
    wanted.set_id(id);
    TRY(const auto tweet, site.tweets.by_id(call, wanted));
    return tweet_answer(site, call, 200, tweet);
}

Answer edit(const Site& site, const Call& call, const http::Request& request) {
    TRY_VOID(signed_in(call));
    TRY(const json::Value body, object_of(request));
    tweets::EditRequest wanted;
    TRY(const std::uint64_t id, id_of(request));
    wanted.set_id(id);
    TRY(*wanted.mutable_text(), member(body, "text"));
    TRY(const auto tweet, site.tweets.edit(call, wanted));
    return tweet_answer(site, call, 200, tweet);
}

Answer remove(const Site& site, const Call& call, const http::Request& request) {
    tweets::DeleteRequest wanted;
    TRY(const std::uint64_t id, id_of(request));
    wanted.set_id(id);
    TRY_VOID(site.tweets.delete_(call, wanted));
    return http::Response{.status = 204};
}

using Function = Answer (*)(const Site&, const Call&, const http::Request&);

Door::Function handler(const Site& site, Function function) {
    return [&site, function](const http::Request& request) -> Answered {
        auto asker = authenticated(site, request);
        if (!asker) return {.response = json_error(asker.error())};
        auto answer = function(site, asker->call, request);
        return {.response = answer ? std::move(*answer) : json_error(answer.error()),
                .user = asker->call.user,
                .username = std::move(asker->username)};
    };
}

}  // namespace

http::Response json_error(const Error& error) {
    json::Writer out;
    out.begin_object().key("error").begin_object();
    out.key("code").string(error.reason.empty() ? name(error.code) : std::string_view(error.reason));
    out.key("message").string(error.message);
    if (!error.field.empty()) out.key("field").string(error.field);
    out.end_object().end_object();
    http::Response response = http::Response::json(http::status_of(error.code), out.take());
    if (error.code == Code::unauthenticated) response.fields.add("WWW-Authenticate", "Bearer");
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

void bind_api(http::Router& router, const Site& site) {
    using enum http::Method;
    const Door door{router, site};
    door.on(post, "/api/v1/users", handler(site, sign_up));
    door.on(get, "/api/v1/users", handler(site, users));
    door.on(get, "/api/v1/users/{name}", handler(site, user));
    door.on(post, "/api/v1/sessions", handler(site, sign_in));
    door.on(del, "/api/v1/sessions/current", handler(site, sign_out));
    door.on(post, "/api/v1/tweets", handler(site, write));
    door.on(get, "/api/v1/tweets", handler(site, tweets_list));
    door.on(get, "/api/v1/tweets/{id}", handler(site, one_tweet));
    door.on(put, "/api/v1/tweets/{id}", handler(site, edit));
    door.on(del, "/api/v1/tweets/{id}", handler(site, remove));
}

}  // namespace jebi::web
