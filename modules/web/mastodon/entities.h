// Mastodon's entities, Status and Account, of one answer (https://docs.joinmastodon.org/entities/).
//
// First everything that the answer will show is named with need(), then load() asks for what they all lack at
// once: counts of people, and whom texts mention. So an answer of any size costs three more calls, and not
// three a tweet; none where the posts brought it along (Reading::with_beside). What cannot be told now is
// shown as nothing: a count as 0, a mention as text.
//
// Entities are whole: members that jebi has nothing for are null, [], false or empty, as clients expect.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "kit/base/json.h"
#include "modules/web/reading.h"

namespace jebi::web::mastodon {

class Entities {
public:
    // `origin`: of this site, for addresses. Site and call outlive it.
    Entities(const Site& site, const Call& call, std::string origin)
        : site_(site), call_(call), origin_(std::move(origin)) {}

    void need(const Posts& posts);
    void need(const accounts::User& user);
    void need(std::span<const accounts::User> users);
    void load();

    // A repost is a status around the status that it repeats.
    void write(json::Writer& out, const Post& post) const;
    void write(json::Writer& out, const accounts::User& user) const;
    // The same, and what only the user themselves is to see: the text as it was typed.
    void write_own(json::Writer& out, const Post& post) const;
    void write_own(json::Writer& out, const accounts::User& user) const;
    // Mastodon's StatusEdit: what a tweet says now.
    void write_edit(json::Writer& out, const Post& post) const;

    const std::string& origin() const { return origin_; }

private:
    struct Outside {
        std::uint64_t id = 0;
        WallMs created_ms = 0;
        const accounts::User* account = nullptr;
    };

    void load_mentioned();
    void load_relations();
    void load_statuses();
    const accounts::User* mentioned(std::string_view username) const;
    void write_members(json::Writer& out, const accounts::User& user) const;
    void write_members(json::Writer& out, const Post& post, const Outside& outside) const;
    void write_inside(json::Writer& out, const Post& post) const;
    void write_counts(json::Writer& out, const Post& post) const;
    std::string content(const tweets::Tweet& tweet) const;
    void write_names(json::Writer& out, const tweets::Tweet& tweet) const;
    void write_mentions(json::Writer& out, const tweets::Tweet& tweet) const;
    void write_tags(json::Writer& out, const tweets::Tweet& tweet) const;

    const Site& site_;
    const Call& call_;
    std::string origin_;
    std::vector<std::uint64_t> people_;   // whose counts are needed
    std::vector<std::string> usernames_;  // whom texts mention, in lower case
    Beside known_;
};

// Where a person's picture is: their own, or one that is made for them.
std::string avatar_url(std::string_view origin, const accounts::User& user);

}  // namespace jebi::web::mastodon
