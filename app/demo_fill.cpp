#include "app/demo_fill.h"

#include "app/demo.h"
#include "app/parts/accounts_options.h"
#include "kit/base/crypto.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::app {

namespace {

constexpr Millis asked_max{30'000};
constexpr std::uint16_t demo_node = IdGenerator::node_max;

Result<void> migrate(const RoomOf& room_of) {
    TRY_VOID(room_of("accounts").migrate(accounts::schema_files()));
    TRY_VOID(room_of("follows").migrate(follows::schema_files()));
    TRY_VOID(room_of("tweets").migrate(tweets::schema_files()));
    return room_of("messages").migrate(messages::schema_files());
}

Result<bool> is_anybody_there(accounts::Accounts& accounts) {
    accounts::UsersRequest anybody;
    anybody.set_page(1);
    anybody.set_size(1);
    TRY(const auto users, accounts.users(Call{.until = in(asked_max)}, anybody));
    return users.total() > 0;
}

// Digits behind a word would make one of the passwords that everybody guesses.
std::string some_letters() {
    std::string letters = hex(random_bytes(4));
    for (char& c : letters)
        c = static_cast<char>(c <= '9' ? c - '0' + 'g' : c);
    return letters;
}

}  // namespace

Result<std::string> fill_with_demo(const RoomOf& room_of, const place::Settings& settings, const Clock& now) {
    TRY_VOID(migrate(room_of));
    ManualClock clock{now.wall_ms()};
    IdGenerator ids{clock, demo_node};
    accounts::Service accounts{room_of("accounts"), ids, clock, accounts_options(settings)};
    TRY(const bool is_there, is_anybody_there(accounts));
    if (is_there) return "There are people already, so no demo people were added.";
    follows::Store follows_store{room_of("follows")};
    follows::Service follows{follows_store, ids, clock};
    tweets::Store tweets_store{room_of("tweets")};
    tweets::Service tweets{tweets_store, follows, ids, clock};
    messages::Store messages_store{room_of("messages")};
    messages::Service messages{messages_store, accounts, follows, ids, clock};
    const std::string password = "swallow-" + some_letters();
    TRY_VOID(fill_with_demo({accounts, follows, tweets, messages}, clock, now.wall_ms(), password));
    return "The demo is in: " + std::to_string(demo_people().size()) + " people, " +
           std::to_string(demo_tweets().size()) + " tweets. Sign in as \"" + demo_people().front().username +
           "\" (or any of them) with the password " + password;
}

}  // namespace jebi::app
