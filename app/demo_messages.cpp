// What the people of the demo wrote to each other alone.
#include "app/demo.h"

namespace jebi::app {

namespace {

constexpr DemoMessage written[] = {
    {"anna_lind", "minji", 2880, "워크숍 자료 잘 받았어요! The breaker exercise finally makes sense to me."},
    {"minji", "anna_lind", 2865, "다행이에요. 다음 주에 카오스 멍키도 같이 해 봐요. 준비물은 겸손함뿐."},
    {"anna_lind", "minji", 2860, "I will bring two spare humilities."},
    {"eunbi", "nari", 1500, "내일 둥지 보러 가도 될까요? 조용히 있을게요."},
    {"nari", "eunbi", 1490, "그럼요! 아침 일찍 오시면 소금빵이 막 나와요."},
    {"jion", "minji", 610,
     "지난번 이야기한 로그 서비스, 이번 실습에 넣어 봤어요. 한번 봐 주실래요? https://example.com/workshop"},
    {"minji", "jion", 590, "오늘 저녁에 볼게요. 한 줄만 바꾸면 되는 거 맞죠?"},
    {"jion", "minji", 585, "네, 딱 한 줄이요."},
    {"tomas", "eunbi", 300, "Your swallows and mine may know each other. Mine left on Tuesday."},
    {"eunbi", "minji", 95, "민지 님, 토요일 아침에 한강 같이 걸어요. 여섯 시 반, 망원역 1번 출구 어때요?"},
    {"minji", "eunbi", 80, "좋아요! 쌍안경 빌려 주시는 거죠? 🐦"},
    {"eunbi", "minji", 22, "그럼요. 따뜻하게 입고 오세요. 아침엔 아직 추워요."},
    {"hyun", "minji", 9, "방금 알람은 오탐이었습니다. 그래도 잠은 깼네요."},
};

}  // namespace

std::span<const DemoMessage> demo_messages() {
    return written;
}

}  // namespace jebi::app
