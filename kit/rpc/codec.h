// Messages as bytes: protobuf between our processes, JSON for curl and for other languages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace google::protobuf {
class Message;
}

namespace jebi::rpc {

enum class Codec : std::uint8_t { proto, json };

// "application/proto", "application/json"
std::string_view content_type(Codec codec);
// Without regard to case and parameters; nothing for other types, and for JSON in another charset than UTF-8.
std::optional<Codec> codec_of(std::string_view content_type);

// JSON is protobuf's canonical mapping. `exhausted` beyond message_bytes_max.
Result<std::string> encode(Codec codec, const google::protobuf::Message& message);
// `invalid`, saying why, when the bytes are no such message; `exhausted` beyond message_bytes_max. Fields
// that JSON has and the message has not are passed over, as protobuf does with its own.
Result<void> decode(Codec codec, std::string_view bytes, google::protobuf::Message& message);

}  // namespace jebi::rpc
