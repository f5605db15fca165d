// What every Messages does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <thread>

#include "modules/messages/test_service.h"

namespace jebi::messages {

inline const UserId minji{101};
inline const UserId daniel{202};
inline const UserId sora{303};

inline Call as(UserId user, std::string key = "") {
    return Call{.user = user,
                .until = in(Millis{10'000}),
                .trace = Trace::start(),
                .idempotency_key = std::move(key)};
}

inline SendRequest message(UserId to, std::string text) {
    SendRequest request;
    request.set_to_id(to.value);
    request.set_text(std::move(text));
    return request;
}

inline std::vector<std::string> texts(const MessagePage& page) {
    std::vector<std::string> all;
    for (const Message& message : page.messages())
        all.push_back(message.text());
    return all;
}

inline MessagePage between(Messages& messages, UserId owner, UserId with, std::uint32_t limit = 0,
                           std::uint64_t before = 0) {
    WithRequest request;
    request.set_with_id(with.value);
    request.set_limit(limit);
    request.set_before(before);
    return messages.with(as(owner), request).value();
}

inline std::vector<std::uint64_t> partners(Messages& messages, UserId owner) {
    std::vector<std::uint64_t> all;
    const ConversationPage page = messages.conversations(as(owner), {}).value();
    for (const auto& conversation : page.conversations())
        all.push_back(conversation.with_id());
    return all;
}

inline std::uint32_t unread(Messages& messages, UserId owner) {
    return messages.unread(as(owner), {}).value().count();
}

inline DeleteRequest deletion(UserId with, std::uint64_t id = 0) {
    DeleteRequest request;
    request.set_with_id(with.value);
    request.set_message_id(id);
    return request;
}

inline MarkReadRequest reading(UserId with, std::uint64_t id) {
    MarkReadRequest request;
    request.set_with_id(with.value);
    request.set_message_id(id);
    return request;
}

struct Around {
    Messages& messages;
    TestService& behind;
};

inline void sending_cases(const Around& around) {
    Messages& messages = around.messages;
    const Message sent = messages.send(as(minji), message(daniel, "  \u1112\u1161\u11ab 안녕 \n")).value();
    CHECK(sent.text() == "한 안녕");
    CHECK(sent.from_id() == minji.value);
    CHECK(sent.to_id() == daniel.value);
    CHECK_FALSE(sent.read());
    CHECK(texts(between(messages, daniel, minji)) == std::vector<std::string>{"한 안녕"});
    CHECK(texts(between(messages, minji, daniel)) == std::vector<std::string>{"한 안녕"});

    std::string families;
    for (std::size_t i = 0; i < 600; ++i)
        families += "👨‍👩‍👧‍👦";
    CHECK(families.size() <= text_bytes_max);
    CHECK(messages.send(as(minji), message(daniel, families)).has_value());
}

inline void refusing_cases(const Around& around) {
    Messages& messages = around.messages;
    const auto refusal = [&](std::string text) {
        return messages.send(as(minji), message(daniel, std::move(text))).error();
    };
    CHECK(messages.send(as({}), message(daniel, "hi")).error().code == Code::unauthenticated);
    for (const char* blank : {" \n\u3000", "\ufeff", "\u200b \u2060", "\u3164"})
        CHECK(refusal(blank).reason == "text_empty");
    CHECK(messages.send(as(minji), message(daniel, std::string(1'000, 'a'))).has_value());
    const Error long_one = refusal(std::string(1'001, 'a'));
    CHECK(long_one.code == Code::invalid);
    CHECK(long_one.reason == "text_too_long");
    CHECK(long_one.field == "text");
    CHECK(refusal(std::string(text_bytes_max + 1, 'a')).reason == "text_too_long");
    CHECK(refusal(std::string("a\0b", 3)).reason == "text_invalid");
    CHECK(messages.send(as(minji), message(minji, "me")).error().reason == "yourself");
    const Error nobody = messages.send(as(minji), message(UserId{4'000}, "hello?")).error();
    CHECK(nobody.code == Code::not_found);
    CHECK(nobody.reason == "no_such_user");
}

inline void blocking_cases(const Around& around) {
    Messages& messages = around.messages;
    around.behind.blocks.add_block(daniel, minji);
    for (const auto& [from, to] : {std::pair{minji, daniel}, std::pair{daniel, minji}}) {
        const Error refused = messages.send(as(from), message(to, "hi")).error();
        CHECK(refused.code == Code::forbidden);
        CHECK(refused.reason == "blocked");
    }
    around.behind.blocks.silent = true;
    CHECK(messages.send(as(minji), message(sora, "hi")).error().code == Code::unavailable);
    CHECK(partners(messages, sora).empty());
}

inline void idempotency_cases(const Around& around) {
    Messages& messages = around.messages;
    const Message first = messages.send(as(minji, "once"), message(daniel, "only once")).value();
    CHECK(messages.send(as(minji, "once"), message(daniel, "only once ")).value().id() == first.id());
    const Error reused = messages.send(as(minji, "once"), message(daniel, "else")).error();
    CHECK(reused.code == Code::conflict);
    CHECK(reused.reason == "key_reused");
    CHECK(messages.send(as(minji, "once"), message(sora, "only once")).error().reason == "key_reused");
    CHECK(messages.send(as(daniel, "once"), message(minji, "only once")).value().id() != first.id());
    CHECK(messages.send(as(minji, std::string(129, 'k')), message(daniel, "x")).error().code ==
          Code::invalid);
    // What was sent stays sent, whatever has happened since.
    around.behind.blocks.add_block(daniel, minji);
    CHECK(messages.send(as(minji, "once"), message(daniel, "only once")).value().id() == first.id());
}

inline void concurrent_key_case(const Around& around) {
    std::vector<std::thread> senders;
    std::vector<std::uint64_t> ids(8);
    for (std::uint64_t& id : ids) {
        senders.emplace_back(
            [&] { id = around.messages.send(as(minji, "race"), message(daniel, "race")).value().id(); });
    }
    for (auto& sender : senders)
        sender.join();
    CHECK(std::set(ids.begin(), ids.end()).size() == 1);
}

inline void rate_cases(const Around& around) {
    Messages& messages = around.messages;
    for (std::uint32_t i = 0; i < send_rate.messages_max; ++i)
        REQUIRE(messages.send(as(minji), message(i % 2 == 0 ? daniel : sora, "n" + std::to_string(i))));
    const Error refused = messages.send(as(minji), message(daniel, "one more")).error();
    CHECK(refused.code == Code::exhausted);
    CHECK(refused.reason == "too_many");
    CHECK(refused.retry_after_s == 60);
    CHECK(messages.send(as(daniel), message(minji, "others may")).has_value());
    around.behind.clock.advance(send_rate.window);
    CHECK(messages.send(as(minji), message(daniel, "one more")).has_value());
}

// Whatever is asked, a third person learns nothing of what two wrote, and changes nothing in it.
inline void privacy_cases(const Around& around) {
    Messages& messages = around.messages;
    const Message secret = messages.send(as(minji), message(daniel, "secret")).value();
    CHECK(partners(messages, sora).empty());
    for (const UserId with : {minji, daniel, sora}) {
        CHECK(between(messages, sora, with).messages_size() == 0);
        CHECK(messages.mark_read(as(sora), reading(with, secret.id())).value().count() == 0);
        CHECK(messages.delete_(as(sora), deletion(with, secret.id())));
        CHECK(messages.delete_(as(sora), deletion(with)));
    }
    CHECK(unread(messages, sora) == 0);
    CHECK(unread(messages, daniel) == 1);
    CHECK(texts(between(messages, daniel, minji)) == std::vector<std::string>{"secret"});
    CHECK(messages.conversations(as({}), {}).error().code == Code::unauthenticated);
    CHECK(messages.with(as({}), {}).error().code == Code::unauthenticated);
    CHECK(messages.mark_read(as({}), {}).error().code == Code::unauthenticated);
    CHECK(messages.unread(as({}), {}).error().code == Code::unauthenticated);
    CHECK(messages.delete_(as({}), {}).error().code == Code::unauthenticated);
    // A key of somebody else's opens nothing either.
    CHECK(messages.send(as(minji, "hers"), message(daniel, "kept")).has_value());
    CHECK(messages.send(as(sora, "hers"), message(daniel, "kept")).value().from_id() == sora.value);
}

inline void listing_cases(const Around& around) {
    Messages& messages = around.messages;
    for (int i = 1; i <= 5; ++i)
        messages
            .send(as(i % 2 == 1 ? minji : daniel),
                  message(i % 2 == 1 ? daniel : minji, "n" + std::to_string(i)))
            .value();
    const MessagePage first = between(messages, minji, daniel, 2);
    CHECK(texts(first) == std::vector<std::string>{"n5", "n4"});
    messages.send(as(daniel), message(minji, "n6")).value();
    const MessagePage second = between(messages, minji, daniel, 2, first.next());
    CHECK(texts(second) == std::vector<std::string>{"n3", "n2"});
    const MessagePage last = between(messages, minji, daniel, 2, second.next());
    CHECK(texts(last) == std::vector<std::string>{"n1"});
    CHECK(last.next() == 0);
    WithRequest too_many;
    too_many.set_limit(101);
    CHECK(messages.with(as(minji), too_many).error().code == Code::invalid);

    messages.send(as(sora), message(minji, "hello")).value();
    CHECK(partners(messages, minji) == std::vector<std::uint64_t>{sora.value, daniel.value});
    messages.send(as(minji), message(daniel, "n7")).value();
    ConversationsRequest one;
    one.set_limit(1);
    const ConversationPage newest = messages.conversations(as(minji), one).value();
    REQUIRE(newest.conversations_size() == 1);
    CHECK(newest.conversations(0).with_id() == daniel.value);
    CHECK(newest.conversations(0).last().text() == "n7");
    one.set_before(newest.next());
    const ConversationPage rest = messages.conversations(as(minji), one).value();
    REQUIRE(rest.conversations_size() == 1);
    CHECK(rest.conversations(0).with_id() == sora.value);
    CHECK(rest.next() == 0);
    one.set_limit(101);
    CHECK(messages.conversations(as(minji), one).error().code == Code::invalid);
}

inline void reading_cases(const Around& around) {
    Messages& messages = around.messages;
    const Message one = messages.send(as(minji), message(daniel, "one")).value();
    const Message two = messages.send(as(minji), message(daniel, "two")).value();
    CHECK(unread(messages, daniel) == 1);
    CHECK(unread(messages, minji) == 0);
    CHECK(messages.mark_read(as(daniel), reading(minji, one.id())).value().count() == 1);
    const MessagePage page = between(messages, minji, daniel);
    CHECK_FALSE(page.messages(0).read());
    CHECK(page.messages(1).read());
    CHECK(messages.mark_read(as(daniel), reading(minji, two.id())).value().count() == 0);
    CHECK(messages.mark_read(as(daniel), reading(minji, one.id())).value().count() == 0);
    CHECK(between(messages, minji, daniel).messages(0).read());
    // A mark beyond the last message does not read what has not been written yet.
    CHECK(messages.mark_read(as(daniel), reading(minji, UINT64_MAX)).has_value());
    messages.send(as(minji), message(daniel, "three")).value();
    CHECK(unread(messages, daniel) == 1);
    messages.send(as(sora), message(daniel, "hello")).value();
    CHECK(unread(messages, daniel) == 2);
    CHECK(messages.conversations(as(daniel), {}).value().conversations(0).unread());
}

inline void deleting_cases(const Around& around) {
    Messages& messages = around.messages;
    const Message one = messages.send(as(minji), message(daniel, "one")).value();
    const Message two = messages.send(as(minji), message(daniel, "two")).value();
    CHECK(messages.delete_(as(daniel), deletion(minji, two.id())));
    CHECK(messages.delete_(as(daniel), deletion(minji, two.id())));
    CHECK(texts(between(messages, daniel, minji)) == std::vector<std::string>{"one"});
    CHECK(texts(between(messages, minji, daniel)) == std::vector<std::string>{"two", "one"});
    CHECK(messages.conversations(as(daniel), {}).value().conversations(0).last().text() == "one");

    CHECK(messages.delete_(as(daniel), deletion(minji)));
    CHECK(partners(messages, daniel).empty());
    CHECK(unread(messages, daniel) == 0);
    CHECK(between(messages, minji, daniel).messages_size() == 2);
    messages.send(as(minji), message(daniel, "three")).value();
    CHECK(texts(between(messages, daniel, minji)) == std::vector<std::string>{"three"});
    CHECK(unread(messages, daniel) == 1);

    // What neither of them sees any more is not kept.
    CHECK(messages.delete_(as(minji), deletion(daniel)));
    CHECK_FALSE(around.behind.store.by_id(as({}), MessageId{one.id()}));
    CHECK_FALSE(around.behind.store.by_id(as({}), MessageId{two.id()}));
    CHECK(texts(between(messages, daniel, minji)) == std::vector<std::string>{"three"});
}

inline void event_cases(const Around& around) {
    Messages& messages = around.messages;
    const auto after = [&](std::uint64_t sequence, std::uint32_t wait_ms) {
        EventsRequest request;
        request.set_after(sequence);
        request.set_limit(2);
        request.set_wait_ms(wait_ms);
        return messages.events(as({}), request).value();
    };
    CHECK(after(0, 0).events_size() == 0);
    CHECK(messages.last_event(as({}), {}).value().sequence() == 0);
    messages.send(as(minji), message(daniel, "one")).value();
    messages.send(as(daniel), message(minji, "two")).value();
    const EventsReply two = after(0, 0);
    REQUIRE(two.events_size() == 2);
    CHECK(two.events(0).message().text() == "one");
    CHECK(two.events(1).message().to_id() == minji.value);
    CHECK(messages.last_event(as({}), {}).value().sequence() == two.events(1).sequence());
    // A wait ends when something happens.
    std::thread sender{[&] { messages.send(as(sora), message(minji, "news")).value(); }};
    const EventsReply news = after(two.events(1).sequence(), 5'000);
    sender.join();
    REQUIRE(news.events_size() == 1);
    CHECK(news.events(0).message().text() == "news");
    EventsRequest too_many;
    too_many.set_limit(1'001);
    CHECK(messages.events(as({}), too_many).error().code == Code::invalid);
}

// Runs every case on a Messages of its own, which `make` puts up and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(const Around&)>&)>& make) {
    SUBCASE("a message is kept trimmed, as NFC, and both see it") {
        make(sending_cases);
    }
    SUBCASE("what cannot be sent is refused with a reason") {
        make(refusing_cases);
    }
    SUBCASE("blocked people do not write to each other") {
        make(blocking_cases);
    }
    SUBCASE("the same idempotency key gives the same message") {
        make(idempotency_cases);
    }
    SUBCASE("the same key at the same time gives one message") {
        make(concurrent_key_case);
    }
    SUBCASE("nobody sends more than 60 messages a minute") {
        make(rate_cases);
    }
    SUBCASE("nobody sees or changes what two others wrote") {
        make(privacy_cases);
    }
    SUBCASE("lists are newest first, and stable under new messages") {
        make(listing_cases);
    }
    SUBCASE("what was read stays read") {
        make(reading_cases);
    }
    SUBCASE("one deletes for oneself alone") {
        make(deleting_cases);
    }
    SUBCASE("what was sent is told in order") {
        make(event_cases);
    }
}

}  // namespace jebi::messages
