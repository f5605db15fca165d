// Steps that the cases of the contract (contract_test.h) have in common.
#pragma once

#include <algorithm>
#include <vector>

#include "modules/accounts/testing.h"

namespace jebi::accounts::testing {

inline constexpr std::string_view decomposed_password =
    "\u1106\u116e\u11af\u1107\u1175\u11be\u1112\u1161\u1102\u1173\u11af\u110c\u1169\u110b\u1163\u11a8\u1103"
    "\u1169\u11af\u1109\u1166\u11ba";
inline constexpr std::string_view composed_password = "물빛하늘조약돌셋";

inline constexpr std::string_view next_password = "heron-on-one-leg";

inline std::vector<std::uint64_t> session_ids(Accounts& accounts, UserId user) {
    const SessionsReply reply = required(accounts.sessions(patient(user), {}));
    std::vector<std::uint64_t> ids;
    for (const Session& session : reply.sessions())
        ids.push_back(session.id());
    return ids;
}

inline Result<Empty> change_password(Accounts& accounts, const Call& call, std::string_view current,
                                     std::string_view wanted, const std::string& token = "") {
    ChangePasswordRequest request;
    request.set_current_password(std::string(current));
    request.set_new_password(std::string(wanted));
    request.set_token(token);
    request.mutable_client()->set_address(std::string(home));
    return accounts.change_password(call, request);
}

inline Result<Empty> delete_account(Accounts& accounts, const Call& call,
                                    std::string_view password = good_password) {
    DeleteAccountRequest request;
    request.set_password(std::string(password));
    request.mutable_client()->set_address(std::string(home));
    return accounts.delete_account(call, request);
}

inline Result<Empty> end_session(Accounts& accounts, const Call& call, std::uint64_t id) {
    EndSessionRequest request;
    request.set_session_id(id);
    return accounts.end_session(call, request);
}

inline Result<EventsReply> events_after(Accounts& accounts, std::uint64_t after, std::uint32_t limit = 1'000,
                                        std::uint32_t wait_ms = 0) {
    EventsRequest request;
    request.set_after(after);
    request.set_limit(limit);
    request.set_wait_ms(wait_ms);
    return accounts.events(patient(), request);
}

// What is told after that event: a line each, "created minsu", "changed minsu", "deleted".
inline std::string told_after(Accounts& accounts, std::uint64_t after) {
    const EventsReply told = required(events_after(accounts, after));
    std::string lines;
    for (const Event& event : told.events()) {
        if (event.has_created()) lines += "created " + event.created().username();
        if (event.has_changed()) lines += "changed " + event.changed().username();
        if (event.has_deleted()) lines += "deleted";
        lines += '\n';
    }
    return lines;
}

inline User change_display_name(Accounts& accounts, UserId user, const std::string& wanted) {
    ChangeProfileRequest request;
    request.set_display_name(wanted);
    return required(accounts.change_profile(patient(user), request));
}

inline std::uint64_t last_event(Accounts& accounts) {
    return required(accounts.last_event(patient(), {})).sequence();
}

inline void fail_to_sign_in(Accounts& accounts, const std::string& name, int times,
                            std::string_view address = home) {
    for (int i = 0; i < times; ++i) {
        REQUIRE(answer_of(accounts.sign_in(patient(), sign_in_request(name, "not the one", address))) ==
                "unauthenticated wrong_credentials");
    }
}

}  // namespace jebi::accounts::testing
