#include "modules/web/mastodon/operations.h"

#include "modules/web/mastodon/authorize_page.h"
#include "modules/web/mastodon/mastodon.h"
#include "modules/web/mastodon/pictures.h"
#include "modules/web/mastodon/streaming_http.h"

namespace jebi::web::mastodon {

namespace {

Operation operation(http::Method method, Access access, std::string_view tag, Told told) {
    return {.method = method,
            .pattern = told.pattern,
            .id = told.id,
            .summary = told.summary,
            .tag = tag,
            .function = told.function,
            .access = access,
            .scope = told.scope,
            .errors = api::Errors::mastodon,
            .parameters = std::move(told.parameters),
            .reply = told.reply};
}

}  // namespace

Operation reading(std::string_view tag, Told told) {
    return operation(http::Method::get, Access::anybody, tag, std::move(told));
}

Operation own(std::string_view tag, Told told) {
    return operation(http::Method::get, Access::person, tag, std::move(told));
}

Operation acting(http::Method method, std::string_view tag, Told told) {
    return operation(method, Access::person, tag, std::move(told));
}

std::vector<Parameter> paged(std::vector<Parameter> more) {
    more.push_back({"max_id", "Only what is older than this id.", Kind::id});
    more.push_back({"since_id", "Only what is newer than this id.", Kind::id});
    more.push_back({"min_id", "What comes right after this id.", Kind::id});
    more.push_back({"limit", "How many; more than there may be are as many as there may be.", Kind::number});
    return more;
}

std::vector<Operation> operations() {
    std::vector<Operation> all;
    for (auto& some :
         {instance_operations(), token_operations(), notification_operations(), search_operations(),
          account_operations(), relationship_operations(), status_operations(), status_act_operations(),
          timeline_operations(), streaming_operations(), absent_operations()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

void bind(http::Router& router, const Site& site, Failed failed) {
    Binder binder{router, site, std::move(failed)};
    bind_authorize_page(binder);
    bind_pictures(router);
}

}  // namespace jebi::web::mastodon
