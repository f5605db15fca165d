// The people of the demo. Names are made up, and links lead to domains reserved for examples (RFC 2606).
#include "app/demo.h"

namespace jebi::app {

namespace {

constexpr DemoPerson people[] = {
    {"minji", "김민지", "3년 차 백엔드 개발자. 낮에는 로그를 읽고 밤에는 소설을 읽습니다. 서울 망원동.",
     "https://example.org/minji", 310},
    {"eunbi", "송은비 🐦", "새 보는 사람. 쌍안경은 늘 가방에. 올해 목표는 우리 동네 새 백 종.",
     "https://example.org/birds", 400},
    {"jion", "최지온", "모놀리식을 사랑하고 가끔 나눕니다. 소프트웨어 설계를 가르쳐요.",
     "https://example.com/workshop", 392},
    {"anna_lind", "Anna Lindstråle",
     "Swede in Seoul. Backend engineer, slow learner of Korean, fast eater of tteokbokki. 한국어로도 써요.",
     "https://example.org/anna", 365},
    {"seorae", "이서래", "부산에서 4학년을 가르칩니다. 분필보다 질문을 더 많이 써요.", "", 288},
    {"junhwi", "김준휘", "대전, 데이터베이스, 갑천 달리기. 인덱스는 사랑입니다.",
     "https://example.net/junhwi", 351},
    {"tomas", "Tomáš Novotný", "Birds before breakfast. Ornithology volunteer near Brno, maps by day.",
     "https://example.org/tomas", 377},
    {"nari", "나리네 빵집", "새벽 네 시에 일어나 반죽합니다. 처마 밑에 제비가 세 들어 살아요. 전주.",
     "https://example.com/nari", 240},
    {"yul_papa", "율이아빠", "다섯 살 율이의 말을 받아 적는 사람. 육아휴직 중.", "", 199},
    {"maeve", "Maeve Kinnane",
     "Databases, tin whistles, rain. Galway. I explain query plans to anyone who stands still.",
     "https://example.org/maeve", 333},
    {"haeun_books", "정하은", "작은 책방을 합니다. 손님보다 고양이가 먼저 출근해요.",
     "https://example.org/books", 275},
    {"doyun", "박도윤", "고등학생. 시험 끝나면 하고 싶은 일 목록이 시험 범위보다 길다.", "", 88},
    {"chan_runs", "임찬결", "광안리 새벽 러너. 느려도 매일.", "https://example.com/run", 260},
    {"priya", "Priya Raman",
     "Platform engineer. Deletes more code than she writes and is proud of it. Seoul by way of Chennai.",
     "https://example.com/priya", 301},
    {"saebyeol", "강새별", "제주에서 감귤을 키웁니다. 바람 예보는 틀려도 할머니 무릎은 안 틀려요.", "", 228},
    {"joao", "João Seixal", "Runner of hills, eater of custard tarts. Porto.", "", 187},
    {"grace_moon", "Grace Moon 문은혜",
     "English teacher in Daejeon. 두 언어로 농담하고 두 언어로 실패합니다.", "https://example.org/grace",
     264},
    {"iseul", "문이슬", "그림책을 그려요. 요즘은 새의 발만 그리는 중.", "https://example.org/iseul", 205},
    {"kofi", "Kofi Adjaye", "On call, off coffee. Reliability engineer in Accra. Ask me about timeouts.",
     "https://example.net/kofi", 322},
    {"hyun", "남궁현", "장애 대응 담당. 알람이 안 울리면 더 불안한 사람.", "", 295},
    {"dasom", "유다솜 ✨", "프런트엔드 개발. 1픽셀 때문에 잠 못 이루는 편.", "https://example.com/dasom",
     172},
    {"taeyun", "오태윤", "영화는 맨 앞줄, 엔딩 크레디트는 끝까지.", "", 213},
    {"elif", "Elif Yalın", "Translator. Reads the last page first, sorry. Izmir.", "https://example.org/elif",
     246},
    {"noah_e", "Noah Ellery", "Physicist and dad of two in Daejeon. Most of my data is about bedtime.", "",
     158},
    {"eungyeol", "조은결", "병동 간호사. 교대 끝나고 걷는 길이 제일 좋아요.", "", 134},
    {"zoe", "Zoë van Dijk 🚲", "Cycling through every headwind in Utrecht. Front-end, semicolons optional.",
     "", 220},
    {"gunwoo", "배건우", "컴퓨터공학과 2학년. 세그폴트와 친해지는 중.", "", 61},
    {"harin", "백하린", "광주. 요리를 좋아하고 설거지를 싫어합니다.", "https://example.com/harin", 142},
    {"renee", "Renée Marchal 🥐", "Baker's daughter, sourdough sceptic, Lyon. Recettes, repos, pluie.",
     "https://example.net/renee", 191},
    {"youngsu", "김영수", "은퇴하고 텃밭과 산을 오갑니다. 손주에게 인터넷을 배우는 중.", "", 97},
    {"ugyeong", "신우경", "DBA 12년 차. 백업은 했고, 복원도 해 봤습니다.", "https://example.com/ugyeong",
     343},
    {"lukas_h", "Lukas Hölzl", "Mountain huts and memory leaks. Innsbruck.", "", 167},
    {"bitna", "황빛나", "구름 사진을 모읍니다. 지금까지 2,341장.", "https://example.org/clouds", 251},
    {"sam_w", "Sam Whitlow", "Second-year student. Currently negotiating with deadlines.", "", 45},
    {"hana_tran", "Hana Tran", "Film clubs, fish markets, ferries. Busan. 영화 이야기는 한국어로.", "", 178},
    {"siu", "서시우", "오늘도 도서관 3층 창가 자리.", "", 24},
};

}  // namespace

std::span<const DemoPerson> demo_people() {
    return people;
}

}  // namespace jebi::app
