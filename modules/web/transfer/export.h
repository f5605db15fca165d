// All that is one's own as one JSON document, format "jebi-account", version 1:
//
//   profile      id, username, display_name, bio, link, email, created_ms
//   tweets       newest first: id, text, created_ms, edited_ms (0: never), reply_to, repost_of (ids or null)
//   likes        newest first: id, author (a name), text
//   following, followers, blocked, muted      names
//   conversations   with (a name), messages newest first: id, from_me, text, created_ms
//   complete     true, and the last member: a file without it was cut off
//
// Ids are strings of digits, times are ms since 1970. What is made from what others do (homes, notifications,
// counts) is not in it.
#pragma once

#include <functional>
#include <string>

#include "kit/http/message.h"
#include "modules/web/site.h"

namespace jebi::web::transfer {

class Export {
public:
    // Of the user of `call`, whose trace all its calls carry.
    Export(const Site& site, const Call& call, accounts::User user)
        : site_(site), user_id_(call.user), trace_(call.trace), user_(std::move(user)) {}

    // Asks each module for something, so that one that is away is told of before the file begins.
    Result<void> begin();
    // Writes the document in pieces, and stops when the client leaves. A module that goes away meanwhile is
    // asked `tries_max` times; then its error is the answer, and what was written is not whole.
    Result<void> write(http::BodyWriter& out);

    static constexpr int tries_max = 3;
    static constexpr std::size_t pages_max = 10'000;  // of a list, of 100 each

private:
    // One page of a list as JSON values, and where the next one begins; 0: this was the end.
    struct Page {
        std::vector<std::string> items;
        std::uint64_t next = 0;
    };
    using PageFrom = Result<Page> (Export::*)(std::uint64_t before);

    Call call() const { return Call{.user = user_id_, .until = in(request_max), .trace = trace_}; }
    Result<std::string> profile();
    Result<Page> tweets(std::uint64_t before);
    Result<Page> likes(std::uint64_t before);
    Result<Page> following(std::uint64_t before);
    Result<Page> followers(std::uint64_t before);
    Result<Page> blocked(std::uint64_t before);
    Result<Page> muted(std::uint64_t before);
    Result<Page> conversations(std::uint64_t before);

    using Follows = Result<follows::UserPage> (follows::Follows::*)(const Call&, const follows::ListRequest&);
    Result<Page> names(Follows follows_of, std::uint64_t before);
    Result<std::unordered_map<std::uint64_t, std::string>> names_of(std::vector<std::uint64_t> ids);
    Result<std::string> conversation(std::uint64_t with, const std::string& name);
    Result<Page> tried(PageFrom page_from, std::uint64_t before);
    Result<void> write_list(http::BodyWriter& out, const std::string& name, PageFrom page_from);

    const Site& site_;
    UserId user_id_;
    Trace trace_;
    accounts::User user_;
};

}  // namespace jebi::web::transfer
