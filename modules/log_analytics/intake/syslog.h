// Syslog messages to rows, and syslog's framing on a stream.
//
// Sources: RFC 5424 (the message), RFC 3164 (its forerunner, as it is found in the wild), RFC 6587 (framing
// over TCP).
//
//     <34>1 2026-11-22T13:58:05.003Z host su 77 ID47 [meta@1 k="v"] text      RFC 5424
//     <34>Nov 22 13:58:05 host su[77]: text                                   RFC 3164
//
// Fields: severity ("err"), facility ("auth"), host, app, pid, msgid, for each structured data parameter
// "meta@1.k", and message. All are texts; what is "-" is absent. The row's time is the message's, else the
// arrival. Nothing that arrives is refused but for the bounds of a row: what does not follow the RFCs is a
// message as a whole (of user.notice, as RFC 3164, 4.3.3 says, when even the number in front is missing).
// Bytes that are no UTF-8 become U+FFFD.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// Adds the message as a row. `offset_minutes`: in which time zone senders of RFC 3164, which names none, are.
void take_syslog(std::string_view message, WallMs arrived, int offset_minutes, RowMaker& maker);

// Cuts a stream into messages: "11 <34>1 - - -" by its count of bytes, or "<34>...\n" up to the end of its
// line; each message may choose.
class SyslogFrames {
public:
    static constexpr std::size_t message_bytes_max = 64 * 1024;

    // What has arrived. Taken messages' views end with it.
    void append(std::string_view bytes);
    // The next whole message; nothing when it has not arrived whole. Lines without anything are left out.
    std::optional<std::string_view> next();
    // A message is longer than message_bytes_max, or its count is none: nothing behind can be understood.
    bool failed() const { return failed_; }
    // The connection has ended: what is left is a message when it needed only its line's end.
    std::optional<std::string_view> rest();

private:
    std::optional<std::string_view> next_counted();
    std::string buffer_;
    std::size_t taken_ = 0;
    bool failed_ = false;
};

}  // namespace jebi::log_analytics
