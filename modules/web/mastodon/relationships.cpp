// What people are to each other: following, blocking, muting.
#include "modules/web/mastodon/accounts.h"
#include "modules/web/mastodon/paging.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;
using follows::Follows;
using Act = Result<follows::Relationship> (Follows::*)(const Call&, const follows::TargetRequest&);
using List = Result<follows::UserPage> (Follows::*)(const Call&, const follows::ListRequest&);

void write_relationship(json::Writer& out, const follows::Relationship& is) {
    out.begin_object().key("id").id(is.user_id());
    out.key("following").boolean(is.following()).key("followed_by").boolean(is.followed_by());
    out.key("blocking").boolean(is.blocking()).key("blocked_by").boolean(is.blocked_by());
    out.key("muting").boolean(is.muting()).key("muting_notifications").boolean(is.muting());
    out.key("showing_reblogs").boolean(is.following()).key("note").string("");
    for (const std::string_view never :
         {"notifying", "requested", "requested_by", "domain_blocking", "endorsed"})
        out.key(never).boolean(false);
    out.key("languages").null().end_object();
}

// Also towards somebody who blocks one: whoever is blocked may block back.
template <Act act>
Answer change(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const auto user, api::user_with_id(asked.site, asked.call, id));
    follows::TargetRequest request;
    request.set_target_id(user.id());
    TRY(const auto relationship, (asked.site.follows.*act)(asked.call, request));
    asked.site.recall->keep_relationship(asked.call.user, relationship, in(Millis{0}));
    json::Writer out;
    write_relationship(out, relationship);
    return http::Response::json(200, out.take());
}

Answer relationships(const Asked& asked) {
    TRY(const auto texts, asked.given.list("id"));
    follows::UserIdsRequest request;
    for (const std::string& text : texts) {
        if (const auto id = id_from(text)) request.add_user_ids(*id);
    }
    json::Writer out;
    out.begin_array();
    if (request.user_ids_size() > 0) {
        TRY(const auto reply, asked.site.follows.relationships(asked.call, request));
        for (const follows::Relationship& relationship : reply.relationships())
            write_relationship(out, relationship);
    }
    out.end_array();
    return http::Response::json(200, out.take());
}

// One sees whom one blocks here, so that one can take it back.
template <List list>
Answer people(const Asked& asked) {
    TRY(const Window window, window_of(asked, limits_of_accounts));
    follows::ListRequest request;
    request.set_before(window.max_id);
    request.set_limit(window.limit);
    TRY(const auto page, (asked.site.follows.*list)(asked.call, request));
    return accounts_answer(asked, ids_in(page.user_ids()), page.next(), Hidden::shown);
}

Operation act(std::string_view pattern, std::string_view id, std::string_view summary, api::Function function,
              std::string_view scope) {
    return acting(post, "follows", {pattern, id, summary, function, scope, "MastodonRelationship"});
}

}  // namespace

std::vector<Operation> relationship_operations() {
    return {
        own("follows", {"/api/v1/accounts/relationships",
                        "listRelationships",
                        "What one and each of these are.",
                        relationships,
                        "read:follows",
                        "[MastodonRelationship]",
                        {{"id", "Their ids.", Kind::list}}}),
        act("/api/v1/accounts/{id}/follow", "followAccount", "Follow somebody.", change<&Follows::follow>,
            "write:follows"),
        act("/api/v1/accounts/{id}/unfollow", "unfollowAccount", "Do not follow somebody any more.",
            change<&Follows::unfollow>, "write:follows"),
        act("/api/v1/accounts/{id}/block", "blockAccount",
            "Block somebody: neither sees nor reaches the other.", change<&Follows::block>, "write:blocks"),
        act("/api/v1/accounts/{id}/unblock", "unblockAccount", "Take the block back.",
            change<&Follows::unblock>, "write:blocks"),
        act("/api/v1/accounts/{id}/mute", "muteAccount", "Keep somebody out of one's lists.",
            change<&Follows::mute>, "write:mutes"),
        act("/api/v1/accounts/{id}/unmute", "unmuteAccount", "Let somebody into one's lists again.",
            change<&Follows::unmute>, "write:mutes"),
        own("follows", {"/api/v1/blocks", "listBlocks", "Whom one blocks.", people<&Follows::blocked>,
                        "read:blocks", "[Account]", paged()}),
        own("follows", {"/api/v1/mutes", "listMutes", "Whom one mutes.", people<&Follows::muted>,
                        "read:mutes", "[Account]", paged()}),
    };
}

}  // namespace jebi::web::mastodon
