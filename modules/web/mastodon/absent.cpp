// What clients ask for that jebi does not have: empty lists where they only look, so that they go on, and a
// plain refusal where somebody would believe that something was done.
#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/statuses.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;

Answer no_list(const Asked&) {
    return http::Response::json(200, "[]");
}

Answer preferences(const Asked&) {
    json::Writer out;
    out.begin_object().key("posting:default:visibility").string("public");
    out.key("posting:default:sensitive").boolean(false).key("posting:default:language").null();
    out.key("reading:expand:media").string("default").key("reading:expand:spoilers").boolean(false);
    out.key("reading:autoplay:gifs").boolean(false).end_object();
    return http::Response::json(200, out.take());
}

Answer no_pictures(const Asked&) {
    return fail(error(Code::invalid, "Tweets have no pictures here.").because("not_here").at("file"));
}

Answer no_bookmarks(const Asked&) {
    return fail(error(Code::invalid, "There are no bookmarks here. Like the tweet to find it again.")
                    .because("not_here"));
}

// It is in no list, as was wished.
Answer unbookmark(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const Posts posts, entry_of(asked, id));
    return status_answer(asked, posts);
}

Operation empty_own(std::string_view pattern, std::string_view id, std::string_view what,
                    std::string_view scope) {
    return own("instance", {pattern, id, what, no_list, scope, "[Anything]"});
}

Operation empty(std::string_view pattern, std::string_view id, std::string_view what) {
    return reading("instance", {pattern, id, what, no_list, "", "[Anything]"});
}

std::vector<Operation> empty_lists() {
    return {
        empty("/api/v1/custom_emojis", "listCustomEmojis", "None: there are no emojis of our own."),
        empty("/api/v1/instance/peers", "listPeers", "None: jebi stands alone."),
        empty("/api/v1/instance/rules", "listRules", "None."),
        empty("/api/v1/directory", "listDirectory", "Nobody: see /api/v1/users."),
        empty("/api/v1/trends/statuses", "listTrendingStatuses", "None."),
        empty("/api/v1/trends/links", "listTrendingLinks", "None."),
        empty("/api/v1/accounts/{id}/featured_tags", "listFeaturedTags", "None."),
        empty_own("/api/v1/accounts/{id}/lists", "listListsWith", "None: there are no lists.", "read:lists"),
        empty_own("/api/v1/accounts/familiar_followers", "listFamiliarFollowers", "None.", "read:follows"),
        empty_own("/api/v1/announcements", "listAnnouncements", "None.", ""),
        empty_own("/api/v1/bookmarks", "listBookmarks", "None: there are no bookmarks.", "read:bookmarks"),
        empty_own("/api/v1/conversations", "listMastodonConversations",
                  "None: messages are at /api/v1/messages.", "read:statuses"),
        empty_own("/api/v1/conversations/", "listMastodonConversationsWithSlash", "The same.",
                  "read:statuses"),
        empty_own("/api/v1/domain_blocks", "listDomainBlocks", "None.", "read:blocks"),
        empty_own("/api/v1/endorsements", "listEndorsements", "Nobody.", "read:accounts"),
        empty_own("/api/v1/featured_tags", "listOwnFeaturedTags", "None.", "read:accounts"),
        empty_own("/api/v1/filters", "listFilters", "None: there are no filters.", "read:filters"),
        empty_own("/api/v2/filters", "listFilters2", "None.", "read:filters"),
        empty_own("/api/v1/follow_requests", "listFollowRequests", "None: everybody may follow.",
                  "read:follows"),
        empty_own("/api/v1/followed_tags", "listFollowedTags", "None: one follows people.", "read:follows"),
        empty_own("/api/v1/lists", "listLists", "None: there are no lists.", "read:lists"),
        empty_own("/api/v1/scheduled_statuses", "listScheduledStatuses", "None.", "read:statuses"),
        empty_own("/api/v1/suggestions", "listSuggestions", "Nobody.", "read"),
        empty_own("/api/v2/suggestions", "listSuggestions2", "Nobody.", "read"),
    };
}

}  // namespace

std::vector<Operation> absent_operations() {
    std::vector<Operation> all = empty_lists();
    all.push_back(own("accounts", {"/api/v1/preferences", "getPreferences", "How one posts and reads.",
                                   preferences, "read:accounts", "Anything"}));
    for (const auto& [pattern, id] :
         {std::pair{"/api/v1/media", "uploadMedia"}, {"/api/v2/media", "uploadMedia2"}}) {
        all.push_back(acting(post, "statuses",
                             {pattern,
                              id,
                              "Refused: tweets have no pictures.",
                              no_pictures,
                              "write:media",
                              "Anything",
                              {{"file", "A picture.", Kind::file}}}));
    }
    all.push_back(acting(post, "statuses",
                         {"/api/v1/statuses/{id}/bookmark", "bookmarkStatus",
                          "Refused: there are no bookmarks.", no_bookmarks, "write:bookmarks", "Status"}));
    all.push_back(
        acting(post, "statuses",
               {"/api/v1/statuses/{id}/unbookmark", "unbookmarkStatus",
                "The tweet, which is in no list of bookmarks.", unbookmark, "write:bookmarks", "Status"}));
    return all;
}

}  // namespace jebi::web::mastodon
