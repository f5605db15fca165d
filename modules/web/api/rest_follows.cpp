// Following, blocking and muting: PUT sets it, DELETE takes it back, and both may be repeated.
#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"

namespace jebi::web::api {

namespace {

using enum http::Method;
using follows::Follows;
using Act = Result<follows::Relationship> (Follows::*)(const Call&, const follows::TargetRequest&);

http::Response relationship_answer(const follows::Relationship& is) {
    json::Writer out;
    out.begin_object().key("following").boolean(is.following());
    out.key("followed_by").boolean(is.followed_by()).key("blocking").boolean(is.blocking());
    out.key("blocked_by").boolean(is.blocked_by()).key("muting").boolean(is.muting()).end_object();
    return http::Response::json(200, out.take());
}

template <Act act>
Answer change(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    follows::TargetRequest request;
    request.set_target_id(user.id());
    TRY(const auto relationship, (asked.site.follows.*act)(asked.call, request));
    asked.site.recall->keep_relationship(asked.call.user, relationship, in(Millis{0}));
    return relationship_answer(relationship);
}

Answer relationship(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    follows::UserIdsRequest request;
    request.add_user_ids(user.id());
    TRY(const auto reply, asked.site.follows.relationships(asked.call, request));
    if (reply.relationships_size() == 0) return fail(Code::internal, "The follows module told nothing.");
    return relationship_answer(reply.relationships(0));
}

Operation operation(http::Method method, std::string_view pattern, std::string_view id,
                    std::string_view summary, Function function, std::string_view scope) {
    return {.method = method,
            .pattern = pattern,
            .id = id,
            .summary = summary,
            .tag = "follows",
            .function = function,
            .scope = scope,
            .reply = "Relationship"};
}

}  // namespace

std::vector<Operation> follow_operations() {
    return {
        operation(get, "/api/v1/users/{name}/relationship", "getRelationship",
                  "What one and somebody are to each other.", relationship, "read:follows"),
        operation(put, "/api/v1/users/{name}/follow", "follow", "Follow somebody.", change<&Follows::follow>,
                  "write:follows"),
        operation(del, "/api/v1/users/{name}/follow", "unfollow", "Do not follow somebody any more.",
                  change<&Follows::unfollow>, "write:follows"),
        operation(put, "/api/v1/users/{name}/block", "block",
                  "Block somebody: neither sees nor reaches the other.", change<&Follows::block>,
                  "write:blocks"),
        operation(del, "/api/v1/users/{name}/block", "unblock", "Take the block back.",
                  change<&Follows::unblock>, "write:blocks"),
        operation(put, "/api/v1/users/{name}/mute", "mute", "Keep somebody out of one's lists.",
                  change<&Follows::mute>, "write:mutes"),
        operation(del, "/api/v1/users/{name}/mute", "unmute", "Let somebody into one's lists again.",
                  change<&Follows::unmute>, "write:mutes"),
    };
}

}  // namespace jebi::web::api
