#include "modules/follows/departures.h"

#include "kit/rpc/follow_events.h"

namespace jebi::follows {

namespace {

constexpr std::string_view source = "accounts";

}  // namespace

Result<std::size_t> Departures::follow(const Call& call, Millis wait) {
    TRY(const std::uint64_t position, store_.positions().of(call, source));
    return rpc::follow_events(call, accounts_, &accounts::Accounts::events, {.after = position, .wait = wait},
                              [&](const accounts::Event& event) -> Result<void> {
                                  if (event.has_deleted())
                                      TRY_VOID(service_.forget(call, UserId{event.deleted().user_id()}));
                                  return store_.positions().move(call, source, event.sequence());
                              });
}

}  // namespace jebi::follows
