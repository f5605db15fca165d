// A tweet's buttons: like it, repost it, pin it; and take that back.
#include "kit/base/json.h"
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

// What a script puts beside the button.
std::string pressed(Act act, std::uint64_t count) {
    json::Writer out;
    out.begin_object().key("set").boolean(act == Act::set);
    out.key("count").string(count == 0 ? "" : grouped(count)).end_object();
    return out.take();
}

Shown back(const Site& site, Visit& visit, Act act, std::uint64_t id, std::uint64_t count,
           std::string_view notice = "") {
    const std::string shown_id = std::to_string(id);
    return done(site, visit, pressed(act, count), "/tweets/" + shown_id + "#t" + shown_id, notice);
}

}  // namespace

Shown like(const Site& site, Visit& visit, const Form&, Act act) {
    TRY_VOID(signed_in(visit));
    TRY(const auto request, by_id_in_path(visit));
    TRY(const auto tweet, act == Act::set ? site.tweets.favourite(visit.call, request)
                                          : site.tweets.unfavourite(visit.call, request));
    return back(site, visit, act, tweet.id(), tweet.favourites());
}

Shown repost(const Site& site, Visit& visit, const Form&, Act act) {
    TRY_VOID(signed_in(visit));
    TRY(auto request, by_id_in_path(visit));
    TRY(auto tweet, act == Act::set ? site.tweets.repost(visit.call, request)
                                    : site.tweets.unrepost(visit.call, request));
    if (act == Act::set) {
        request.set_id(tweet.repost_of_id());
        TRY(tweet, site.tweets.by_id(visit.call, request));
    }
    return back(site, visit, act, tweet.id(), tweet.reposts());
}

Shown pin(const Site& site, Visit& visit, const Form&, Act act) {
    TRY_VOID(signed_in(visit));
    TRY(const auto request, by_id_in_path(visit));
    TRY(const auto tweet,
        act == Act::set ? site.tweets.pin(visit.call, request) : site.tweets.unpin(visit.call, request));
    return back(site, visit, act, tweet.id(), 0, act == Act::set ? "pinned" : "unpinned");
}

}  // namespace jebi::web
