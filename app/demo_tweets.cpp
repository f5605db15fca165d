// What the people of the demo wrote. The minutes are those of nine days that end in an afternoon, so that
// mornings and nights fall where they should when the demo is filled in around half past three.
#include "app/demo.h"

namespace jebi::app {

namespace {

constexpr DemoTweet written[] = {
    {"eunbi", 12000,
     "우리 동네에도 드디어 #제비 소리. 전봇대 위에 한 쌍, 꼬리깃이 길다. 다녀왔어? 하고 나도 모르게 "
     "인사했다."},
    {"tomas", 11978,
     "Sixteen barn swallows on one wire before breakfast. Counted twice, because the first count was "
     "interrupted by joy. #birding"},
    {"youngsu", 11959, "상추 모종 심었습니다. 손주가 이름표에 \"상추 1호\"라고 써 주었네요."},
    {"yul_papa", 11936, "율이가 우유를 쏟고 말했다. \"괜찮아, 바닥도 목말랐어.\""},
    {"minji", 11922, "출근길 한강 다리 위로 안개가 가득. 지하철이 구름 속을 달리는 것 같았다. #서울"},
    {"priya", 11895,
     "Joining the monolith workshop tomorrow with @minji and @anna_lind. I have been told to bring a laptop "
     "and some humility."},
    {"jion", 11877,
     "내일 워크숍 준비 끝. 한 덩어리로 된 작은 서비스를 하나 나눠 드리고, 하루 동안 아파 보게 할 예정입니다. "
     "그다음 날부터 고칩니다. #모놀리식 https://example.com/workshop"},
    {"hyun", 11860, "어젯밤 알람 0건. 그래서 알람 시스템이 죽은 건 아닌지 확인하느라 못 잤다."},
    {"nari", 11838,
     "작년 그 #제비 부부가 처마 밑 둥지로 돌아와 알을 품기 시작했어요! 가게 앞에서는 목소리를 조금만 낮춰 "
     "주세요. 빵은 조용히 드려요."},
    {"eunbi", 11819, "@nari 와, 같은 둥지로요? 이번 주에 보러 갈게요. 소금빵도 겸사겸사."},
    {"maeve", 11795,
     "A query that was slow for two years became fast today because somebody finally read its plan. Somebody "
     "was me. I also wrote the query."},
    {"seorae", 11770,
     "오늘 과학 시간 질문. \"선생님, 구름은 왜 안 떨어져요?\" 준비한 답보다 아이들 가설이 더 재미있었다. "
     "1위는 '너무 가벼운 척해서'."},
    {"doyun", 11744, "시험까지 일주일. 책상 정리를 완벽하게 끝냈다. 공부만 하면 된다."},
    {"harin", 11726, "점심은 열무비빔밥. 참기름은 늘 마음이 시키는 것보다 한 방울 더."},
    {"dasom", 11699, "버튼을 1픽셀 옮겼더니 아무도 모른다. 나는 안다. 그걸로 됐다."},
    {"bitna", 11660, "2,342번째 구름. 오늘은 고래 모양. #하늘"},
    {"anna_lind", 11628,
     "오늘 시장에서 \"많이 주세요\" 했는데 정말 많이 주셨어요. 냉장고 문이 안 닫혀요. #서울"},
    {"gunwoo", 11601, "세그폴트를 세 시간 쫓았는데 배열이 하나 짧았다. 인생도 그런가."},
    {"haeun_books", 11575,
     "책방 고양이가 시집 코너에서 자기 시작했다. 시집이 잘 팔린다. 오늘만 다섯 권. 그림책 코너로 옮겨 앉으니 "
     "이번엔 그림책이 나간다. 주인이 석 달 고민한 진열보다 고양이 한 마리의 낮잠이 세다. 인과관계는 아직 "
     "조사 중이지만, 내일은 경제 책 위에 방석을 놓아 볼 생각이다. #책방일기"},
    {"elif", 11530,
     "Translating a sentence with three kinds of \"you\" in it. English has one, and it is tired."},
    {"noah_e", 11486,
     "My four-year-old asked whether the moon has a bedtime. We are now both awake. #parenting"},
    {"zoe", 11442, "Headwind to work, headwind home. I would like to speak to whoever turns it around."},
    {"saebyeol", 11405, "귤꽃이 피기 시작했어요. 밭 전체가 향수 가게 같습니다. #제주"},
    {"joao", 11367, "Ten slow kilometres by the river, one fast custard tart. Balance. #running"},
    {"taeyun", 11320, "엔딩 크레디트 끝까지 앉아 있다가 청소하시는 분과 둘이 남았다. 같이 봤다. #영화"},
    {"chan_runs", 11279, "광안리 8km. 바람은 앞에서만 불고, 갈매기는 비웃고, 기분은 최고. #달리기 #부산"},
    {"grace_moon", 11235,
     "A student wrote \"I am boring\" instead of \"I am bored\" and then argued, very well, that both were "
     "true."},
    {"eungyeol", 11188, "교대 마치고 집까지 걸었다. 가로등 아래 이팝나무 꽃잎이 눈처럼 쌓여 있었다."},
    {"sam_w", 11150,
     "I have made a study plan. It is colour-coded. Making it took the whole evening that was in it."},
    {"iseul", 11112, "새 발 스케치 서른 장째. 발가락만 봐도 이제 누군지 안다. 참새 씨 안녕하세요."},
    {"chan_runs", 10552, "오늘은 5km만. 어제의 나에게 항의하는 종아리. #달리기"},
    {"siu", 10525, "도서관 문 열기 10분 전에 왔는데 벌써 줄이 있다. 다들 왜 이렇게 성실해."},
    {"anna_lind", 10501,
     "Day one of the workshop. The coffee is strong and the monolith is stronger. #monolith"},
    {"minji", 10473, "워크숍 첫날. 노트북에 스티커 붙인 사람끼리 자연스럽게 모여 앉았다."},
    {"jion", 10449, "첫 과제: 통계 화면에 무한 반복을 하나 넣고, 로그인이 어떻게 되는지 보세요. #모놀리식"},
    {"minji", 10426,
     "통계 화면만 망가뜨렸는데 로그인도 멈췄다. 같은 프로세스에 산다는 게 이런 거구나. 옆집 수도가 터지면 "
     "우리 집 거실이 젖는다. #모놀리식"},
    {"priya", 10412,
     "Lesson of the morning: in a monolith, a bug in the least loved page takes down the most loved one. We "
     "did it on purpose and it still hurt. #monolith"},
    {"gunwoo", 10393, "@minji 저도 그 워크숍 신청할 걸 그랬어요. 후기 꼭 올려 주세요!"},
    {"minji", 10375, "@gunwoo 배운 거 다 적고 있어요. 손목이 먼저 분산될 것 같지만."},
    {"tomas", 10358,
     "First cuckoo of the year. It said its own name, as the introduction requires. #birding"},
    {"junhwi", 10332,
     "옆 팀이 느리다는 쿼리, 인덱스 하나로 40초에서 0.03초. 박수를 받았지만 사실은 설명만 읽었습니다. "
     "#데이터베이스"},
    {"maeve", 10310, "@junhwi That is the whole job: reading what it says and looking modest afterwards."},
    {"harin", 10287, "취나물을 무쳤습니다. 부엌에서 봄 산 냄새가 나요."},
    {"dasom", 10264, "워크숍 점심 줄이 길다. 여기도 서버가 하나다. 단일 장애점은 제육볶음."},
    {"yul_papa", 10241, "율이: 아빠, 그림자는 밤에 어디서 자?\n나: ...\n율이: 침대 밑이구나."},
    {"jion", 10215,
     "오후 과제는 '한 줄 고치고 전체를 다시 빌드해 배포하기'. 시계를 봐 주세요. 그 시간이 여러분이 매일 내는 "
     "월세입니다. #모놀리식"},
    {"anna_lind", 10178,
     "Changed one word on one page. Rebuilt everything, tested everything, deployed everything. Nineteen "
     "minutes for a comma. #monolith"},
    {"kofi", 10159, "@anna_lind Nineteen minutes is nothing. I once waited a weekend for a semicolon."},
    {"ugyeong", 10132, "오늘의 격언: 복원해 보지 않은 백업은 소문일 뿐이다."},
    {"seorae", 10104,
     "아이들과 운동장에서 바람의 방향을 쟀다. 결론은 '사방'. 측정 도구는 젖은 손가락 스물세 개."},
    {"saebyeol", 10070, "바람이 세서 밭일은 접고 귤차를 끓였습니다. 쉬는 것도 농사예요. #제주"},
    {"elif", 10038,
     "Finished a novel where nothing happens for 400 pages, beautifully. I miss everyone in it. #books"},
    {"lukas_h", 9995, "Snow above two thousand metres, crocuses below. Spring here is a matter of altitude."},
    {"minji", 9960,
     "첫날 끝. 아팠던 것 세 가지: 작은 변경에도 전체 배포, 한 기능의 오류가 모두의 오류, 데이터베이스 한 "
     "개를 모두가 만짐. 좋았던 것도 세 가지: 함수 호출은 빠르고, 트랜잭션은 하나고, 디버거 하나로 처음부터 "
     "끝까지 따라갈 수 있다. 내일은 처음으로 가위를 든다."},
    {"jion", 9922, "@minji 좋았던 것 세 가지를 잊지 않는 사람이 나누기도 잘합니다."},
    {"joao", 9884,
     "Intervals tonight. The track lights went out after the fourth, which I accept as medical advice. "
     "#running"},
    {"hana_tran", 9840,
     "영화 동아리에서 흑백영화를 봤어요. 끝나고 나오니까 바다가 너무 컬러였어요. #영화 #부산"},
    {"noah_e", 9802, "Bedtime took one hour and forty minutes. p99 is even worse. #parenting"},
    {"doyun", 9755, "수학 문제집 30쪽을 풀었다. 사실 28쪽. 반올림도 수학이다."},
    {"bitna", 9713, "노을이 분홍에서 보라로 넘어가는 3분. 사진으로는 절반도 안 담긴다. #하늘"},
    {"hyun", 9660, "새벽 배포를 아침 배포로 바꾸자는 제안이 통과됐다. 반대표는 어둠뿐이었다."},
    {"eunbi", 9135, "중랑천에서 물총새! 파란 번개가 지나갔다. 사진은 물결만 찍혔다. #새 #서울"},
    {"youngsu", 9102, "뒷산 약수터까지 다녀왔습니다. 딱따구리 소리에 맞춰 걸으니 숨이 덜 찹니다."},
    {"nari", 9068,
     "반죽하다가 창밖을 보니 제비도 진흙으로 둥지 가장자리를 다듬고 있네요. 동종 업계입니다. #제비"},
    {"iseul", 9050, "@nari 그 장면 그려도 될까요? 앞치마 입은 제비로요."},
    {"nari", 9034, "@iseul 그럼요! 다 그리면 계산대 옆에 붙일래요."},
    {"jion", 9011,
     "둘째 날. 오늘은 첫 서비스를 밖에 세웁니다. 로그부터요. 잃어도 가게가 망하지 않는 것부터 나누는 게 "
     "순서입니다. #마이크로서비스"},
    {"priya", 8989,
     "Day two: our first service of its own. It collects logs, has its own database and exactly one "
     "endpoint. It is adorable. #microservices"},
    {"minji", 8967,
     "모놀리식에서 고친 코드는 딱 한 줄. 요청이 올 때마다 로그 서비스에 한 번 알려 주기. 이 한 줄로 새 "
     "서비스가 태어났다. 신기하고, 조금 수상하다. #마이크로서비스"},
    {"anna_lind", 8949,
     "One line in the monolith: tell the log service what just happened. It works! Why is @jion smiling like "
     "that? #monolith"},
    {"jion", 8931, "@anna_lind 점심 먹고 알려 드릴게요."},
    {"kofi", 8908,
     "Somewhere a workshop just added a network call to every request and has not yet asked what happens "
     "when nobody answers. I can feel it."},
    {"grace_moon", 8880, "Word of the day: 눈치. The children explained it to me by not explaining it."},
    {"harin", 8853, "오늘의 발견. 계란말이는 서두르면 스크램블이 된다. 둘 다 맛있으니 서두르자."},
    {"seorae", 8826,
     "급식에 나온 딸기를 마지막까지 아껴 먹던 아이가 짝꿍에게 한 알을 줬다. 왜 줬느냐고 물으니 \"얘가 어제 "
     "우산 씌워 줬어요\" 한다. 짝꿍은 딸기를 반으로 갈라 다시 나눠 먹었다. 나눗셈은 다음 달에 배우는데, 이미 "
     "다들 할 줄 안다. 오늘 수업은 그걸로 다 했다."},
    {"bitna", 8799, "양떼구름이 한 방향으로 몰려간다. 목동은 서풍. #하늘"},
    {"jion", 8782, "이제 로그 서비스를 끄고, 로그인 버튼을 눌러 보세요."},
    {"minji", 8768,
     "로그 서비스를 껐더니 로그인이 멈췄다. 로그인은 로그가 필요 없는데. 한 줄의 값이 이거였다. 대답 없는 "
     "전화를 붙들고 서 있는 서버. #마이크로서비스"},
    {"priya", 8759,
     "We turned the log service off and sign-in froze. So that one line quietly made the most important page "
     "depend on the least important service. Every request waits for a diary entry. Cheap to write, "
     "expensive to own, and nobody would have seen it in the diff. #microservices"},
    {"kofi", 8745, "@priya There it is. Welcome to the club; we have timeouts."},
    {"hyun", 8728, "@minji 그래서 저희는 전화기에 타이머를 답니다. 기다림에는 끝이 있어야 해요."},
    {"dasom", 8700,
     "원인을 찾다가 옆자리 분이 \"네트워크는 믿으면 안 돼요\"라고 하셨다. 와이파이가 바로 끊겼다. 극적인 "
     "연출."},
    {"junhwi", 8669,
     "로그를 같은 DB에 쌓다가 디스크가 꽉 차면 로그인도 같이 멈추죠. 한 줄의 값만큼 '안 나눈 값'도 적어 둬야 "
     "공평합니다. #데이터베이스"},
    {"maeve", 8632, "@junhwi Seconded. Keep both receipts. Architecture is mostly bookkeeping with arrows."},
    {"gunwoo", 8600, "자료구조 과제: 트리를 그리시오. 나무를 그려서 낸 친구가 있다. 잎이 정말 섬세했다."},
    {"taeyun", 8563, "오늘 본 영화는 대사가 열두 줄뿐. 그런데 돌아오는 길 내내 시끄럽다, 머릿속이. #영화"},
    {"zoe", 8528, "Tailwind home!! I was a bird for eleven minutes."},
    {"chan_runs", 8491, "러닝화 바꾸고 첫 10km. 빨라지진 않았지만 빨라 보인다. 중요한 건 그거다. #달리기"},
    {"renee", 8454,
     "My starter has doubled, tripled, and left the jar. We are negotiating the terms of its return. "
     "#baking"},
    {"elif", 8409,
     "The book club voted for a 900-page novel. I voted for it. I have regrets and a bookmark. #books"},
    {"eungyeol", 8366, "오늘 퇴원하신 할머니가 손에 사탕을 쥐여 주셨다. 주머니 속에서 하루 종일 따뜻했다."},
    {"sam_w", 8319,
     "Exam in six days. My notes say \"ask about this\" in four places. The lecturer's notes say \"exercise "
     "for the reader\". #exams"},
    {"haeun_books", 8277,
     "오늘의 한 권: 섬에 사는 등대지기가 편지를 기다리는 이야기. 파도 소리가 나는 문장은 처음이었다. 비 오는 "
     "날에 읽으세요. #책추천"},
    {"siu", 8205, "도서관에서 나오니 달이 크다. 하루 종일 작은 글씨만 보다가 큰 글씨를 본 기분."},
    {"joao", 7707,
     "Sunrise run. Met a heron who was also doing intervals: stand, stand, stand, sprint. #running #birding"},
    {"saebyeol", 7669, "새벽에 꿩이 밭을 가로질러 뛰어갔습니다. 저보다 출근이 급한 모양. #제주"},
    {"yul_papa", 7634, "어린이집 가는 길 개미 관찰 25분. 걸음으로는 3분 거리입니다."},
    {"noah_e", 7611, "@yul_papa We once needed forty minutes for a puddle. It was a very good puddle."},
    {"yul_papa", 7592, "@noah_e 웅덩이는 반칙이죠. 그건 목적지예요 😂"},
    {"jion", 7565,
     "셋째 날. 오늘의 질문은 하나입니다. \"대답이 안 오면, 그 일은 일어난 걸까요, 안 일어난 걸까요?\""},
    {"anna_lind", 7543,
     "If the reply never comes, did the thing happen? We spent an hour on this and now I feel the same about "
     "the postcard I sent my aunt."},
    {"priya", 7522,
     "Fix one: a timeout. Sign-in now waits 200 ms for the diary and moves on. Better. Two hundred "
     "milliseconds worse than before, for everybody, forever. #microservices"},
    {"minji", 7504,
     "두 번째 처방: 로그를 작은 큐에 넣고 뒤에서 보내기. 로그인은 더 이상 기다리지 않는다. 대신 큐가 가득 "
     "차면 무엇을 버릴지 정해야 한다. 공짜는 없고 영수증만 길어진다. #마이크로서비스"},
    {"kofi", 7481,
     "Every queue needs a length, every wait needs an end, every retry needs a count. I would like this on a "
     "mug."},
    {"dasom", 7467, "@kofi I would like this on a T-shirt, with the text truncated properly."},
    {"ugyeong", 7439, "신입: 데이터베이스를 나누면 조인은 어떻게 하나요?\n나: (창밖을 본다)\n신입: 아."},
    {"maeve", 7420, "@ugyeong I laughed, then looked out of the window too."},
    {"harin", 7398, "비 온다길래 김치전 반죽을 미리 해 뒀다. 비가 안 온다. 김치전은 먹는다."},
    {"eunbi", 7370,
     "나리네 빵집 다녀왔다. 둥지에 알이 보인다! 다섯 개 같은데 어미가 잘 안 보여 준다. 당연하지, 나라도 "
     "그러겠다. #제비 #전주"},
    {"nari", 7351, "@eunbi 소금빵 남은 거 싹 가져가신 분 맞죠? 제비 소식은 제가 매일 올릴게요."},
    {"seorae", 7326,
     "@nari 선생님인데요, 저희 반 아이들과 제비 소식 같이 읽어도 될까요? 관찰 일기를 쓰려고 해요."},
    {"nari", 7309, "@seorae 세상에, 영광이죠! 아이들한테 알이 다섯 개라고 전해 주세요."},
    {"tomas", 7273,
     "@nari Incubation takes about two weeks. If she started when you say, the class will have news within "
     "days. Please keep the camera far away and the bread close. And if a parent scolds you, that is not "
     "anger: it is a very small landlord explaining the house rules. #birding"},
    {"bitna", 7240, "비구름이 한 조각씩 모이는 중. 오후엔 우산 챙기세요. #하늘"},
    {"grace_moon", 7202,
     "Taught \"it depends\" today. A student said it is the only honest sentence in English."},
    {"hana_tran", 7167,
     "소나기를 피해 들어간 극장에서 소나기 나오는 영화를 봤다. 나오니까 진짜는 그쳤다. #영화"},
    {"gunwoo", 7130,
     "코드 리뷰를 처음 받아 봤다. 댓글 17개 중 16개가 변수 이름. 나머지 하나는 \"좋아요\". 액자에 걸 예정. "
     "#코드리뷰"},
    {"junhwi", 7109, "@gunwoo 변수 이름 16개면 애정입니다. 관심이 없으면 승인만 눌러요."},
    {"lukas_h", 7075,
     "Fixed a memory leak by deleting a cache nobody used. Fastest code I have ever written: none."},
    {"chan_runs", 7036, "비 맞으며 6km. 처음 1km는 후회, 나머지는 여름 방학. #달리기"},
    {"taeyun", 6991, "극장 맨 앞줄의 장점: 앞사람 머리가 없다. 단점: 목이 없다."},
    {"renee", 6948,
     "Rain on the window, brioche in the oven, nobody asks anything of me until the timer does. #baking"},
    {"doyun", 6904, "영어 단어 백 개를 외웠다. 꿈에도 나왔다. 꿈에서도 틀렸다. #시험기간"},
    {"sam_w", 6872,
     "@doyun I dreamed that I missed the exam and was relieved. Solidarity from the other side of the "
     "world."},
    {"doyun", 6857, "@sam_w Thank you! We will survive. 파이팅!"},
    {"hyun", 6806,
     "오늘의 회고: 알람은 적을수록 좋고, 적힌 문장은 친절할수록 좋다. 새벽 3시의 나는 긴 글을 못 읽는다."},
    {"chan_runs", 6248, "비 갠 뒤 공기로 달리는 건 반칙이다. 너무 좋다. #달리기 #부산"},
    {"bitna", 6215, "비 온 다음 날의 하늘은 새로 빤 이불 같다. 2,347번째. #하늘"},
    {"youngsu", 6193,
     "상추 1호가 비를 맞고 하룻밤 새 두 배가 되었습니다. 손주에게 보고했더니 \"승진시켜 주세요\"라네요."},
    {"minji", 6167,
     "워크숍 덕에 출근하자마자 우리 회사 코드에서 '대답을 무한정 기다리는 한 줄'을 찾아봤다. 일곱 개 나왔다. "
     "조용히 커피를 한 잔 더 내렸다. ☕"},
    {"hyun", 6148, "@minji 일곱 개면 적은 편이에요. 저는 세다가 퇴근했습니다."},
    {"priya", 6120,
     "Code review rule I adopted this week: whenever a line crosses the network, someone must say aloud what "
     "happens when it does not come back. #codereview"},
    {"zoe", 6099, "@priya \"What happens when it does not come back\" is also my rule for lending books."},
    {"haeun_books", 6075, "@zoe Same rule in my shop. The cat keeps the records."},
    {"maeve", 6050, "Friendly reminder that \"it is only a small table\" is how every large table begins."},
    {"junhwi", 6022, "오늘 찾은 인덱스 이름: idx_final_real_2. 앞선 분의 마음을 이해한다. #데이터베이스"},
    {"ugyeong", 6004, "@junhwi 저는 idx_do_not_delete_ask_kim을 봤습니다. 김 선생님은 퇴사하셨고요."},
    {"seorae", 5977,
     "제비 관찰 일기 첫날. 아이들이 알 다섯 개에 벌써 이름을 붙였다. 식빵, 크림, 단팥, 소금, 그리고 부장님. "
     "#제비"},
    {"nari", 5961,
     "@seorae 부장님 ㅋㅋㅋ 오늘은 어미가 거의 안 일어나요. 아빠 제비가 근처 줄에서 계속 노래합니다."},
    {"iseul", 5936,
     "앞치마 제비 그림 완성! 밀가루 묻은 부리가 포인트. https://example.org/iseul/swallow-baker"},
    {"nari", 5919, "@iseul 꺄 너무 귀여워요!! 크게 뽑아서 붙일게요. 빵 한 봉지 맡아 놨어요."},
    {"harin", 5890,
     "텃밭 하시는 이웃이 상추를 한 아름 주셨다. 오늘 저녁은 쌈, 내일도 쌈, 모레는 샐러드라고 부르는 쌈."},
    {"youngsu", 5863, "@harin 남 일 같지 않습니다. 상추는 인심으로 없애는 수밖에 없어요."},
    {"grace_moon", 5838,
     "학생: 선생님, 'though'랑 'through'랑 'tough'는 왜 다 다르게 읽어요?\n나: It's tough though. We get "
     "through."},
    {"elif", 5805,
     "Page 312 of 900. A character I trusted has opened a suspicious letter. Nobody talk to me. #books"},
    {"siu", 5774, "창가 자리 옆 화분에 물 주는 사람이 누군지 드디어 알았다. 모두였다. 그래서 과습이었다."},
    {"kofi", 5741, "@siu The classic: no single owner, seven concurrent writers. Poor plant."},
    {"joao", 5708, "Registered for a 10K this week. Past me signed; present me has to run. #running"},
    {"chan_runs", 5675, "@joao 저도 이번 주에 10km 나가요! Different sea, same wind. 같이 힘내요."},
    {"joao", 5659, "@chan_runs Deal. Slower one buys a virtual custard tart."},
    {"saebyeol", 5622, "오름에 올라가니 바다가 두 겹이다. 위쪽은 구름이었다. #제주"},
    {"dasom", 5580, "다크 모드 작업 중. 회색이 이렇게 많은 종류가 있는 줄 몰랐다. 오늘의 승자는 41번 회색."},
    {"noah_e", 5535,
     "The little one learned the word \"actually\". Actually, this is a difficult time for all of us. "
     "#parenting"},
    {"eungyeol", 5490, "밤 근무 들어갑니다. 오늘은 모두 푹 주무시는 밤이기를."},
    {"taeyun", 5448, "심야 영화 예매 완료. 내일의 내가 피곤하겠지만 내일의 나도 영화를 좋아한다. #영화"},
    {"gunwoo", 5405, "시험 범위를 물어보니 \"배운 데까지\"라고 하셨다. 저는 어디까지 배운 걸까요. #시험기간"},
    {"anna_lind", 5360,
     "Korean lesson: 시원하다 means cool, refreshing, relieved, and also very hot soup. I have stopped "
     "asking and started eating."},
    {"tomas", 4830,
     "Dawn chorus report: blackbird first, robin second, neighbour's alarm clock third. #birding"},
    {"eunbi", 4795,
     "동네 공원에 꾀꼬리가 왔다. 노란 걸 봤다고 말하면 다들 은행잎이냐고 묻는다. 지금은 봄입니다 여러분. "
     "#새"},
    {"yul_papa", 4762,
     "율이가 어린이집 가방에 돌멩이를 열두 개 넣어 왔다. 모두 이름이 있고 그중 셋은 결혼했다고 한다."},
    {"nari", 4729, "오늘 새벽엔 제비가 저보다 먼저 일어났어요. 네 시 전이었는데. 졌습니다. #제비"},
    {"jion", 4700,
     "워크숍 넷째 날. \"모든 걸 나누면 되나요?\"라는 질문이 나왔습니다. 답 대신 지도를 한 장씩 그렸어요. "
     "화살표가 제일 많은 곳에는 가위를 대지 않기로. #마이크로서비스"},
    {"minji", 4677,
     "같은 코드를 설정 파일 하나로 한 프로세스에도, 여럿에도 띄울 수 있게 해 봤다. 나누는 건 결정이 아니라 "
     "손잡이여야 한다는 말이 이제야 이해된다. #모놀리식 #마이크로서비스"},
    {"anna_lind", 4655,
     "Drew our system on one sheet of paper. Then drew who calls whom. Then ran out of paper. Then "
     "understood the workshop. #microservices"},
    {"priya", 4637, "@anna_lind Keep the sheet. It is the most honest document in the building."},
    {"ugyeong", 4608,
     "서비스마다 데이터베이스를 따로 두면 좋은 점: 남의 테이블을 몰래 못 본다. 나쁜 점: 남의 테이블을 몰래 "
     "못 본다. #데이터베이스"},
    {"maeve", 4585,
     "Spent the morning convincing two services that they do not, in fact, need to share a table. It was "
     "couples therapy with foreign keys."},
    {"dasom", 4552,
     "리뷰에 \"이거 왜 이렇게 했어요?\"라고 달려서 긴 답을 쓰다가, 답을 쓰다 보니 틀린 걸 알았다. 좋은 "
     "질문이었다. #코드리뷰"},
    {"hyun", 4528, "점심 먹는 동안 아무도 배포하지 않기로 약속했다. 국이 식지 않았다. 평화란 이런 것."},
    {"harin", 4501, "쌈 셋째 날. 드디어 샐러드라고 불렀다."},
    {"seorae", 4472,
     "관찰 일기에 한 아이가 썼다. \"제비 엄마는 하루 종일 앉아 있었다. 게임도 안 하고 대단하다.\" #제비"},
    {"iseul", 4451, "@seorae 이 문장 제 책상 앞에 붙여도 되나요. 저도 하루 종일 앉아 있는데 위로가 돼요."},
    {"lukas_h", 4420,
     "Hut-to-hut plan for June: five passes, six soups. The soups are fixed, the passes depend on snow."},
    {"bitna", 4384, "뭉게구름과 렌즈구름이 한 화면에. 오늘은 두 장으로 셉니다. #하늘"},
    {"haeun_books", 4347,
     "비밀 하나. 책방에서 제일 많이 나가는 책은 주인이 읽다가 웃은 책이다. 그래서 자꾸 웃는다. #책방일기"},
    {"elif", 4320, "@haeun_books I would travel a long way to a shop where the owner laughs at the shelf."},
    {"haeun_books", 4299, "@elif Please come! 고양이가 시집 코너를 안내해 드립니다."},
    {"sam_w", 4270, "Library status: quiet. Brain status: loud. Snack status: critical. #exams"},
    {"siu", 4233, "@sam_w Library in Daegu, same status. I can share one rice cracker in spirit."},
    {"zoe", 4197,
     "Taught my dad to use the calendar on his phone. I am now invited to every dentist appointment he will "
     "ever have."},
    {"chan_runs", 4161, "대회 이틀 전. 쉬는 것도 훈련이라고 해서 아주 열심히 누워 있다. #달리기"},
    {"renee", 4125,
     "Croissant lamination, attempt nine: 27 layers, of which perhaps 20 are on speaking terms. #baking"},
    {"hana_tran", 4088,
     "자갈치 근처를 걷는데 갈매기가 제 어묵을 봤고, 저는 갈매기를 봤고, 이제 어묵은 없습니다. #부산"},
    {"doyun", 4040,
     "시험 D-2. 엄마가 과일을 깎아 주셨다. 과일을 먹는 동안은 공부를 안 해도 된다. 천천히 먹었다. #시험기간"},
    {"grace_moon", 4002, "@doyun 천천히 먹고, 푹 자고. 자는 동안에도 뇌는 복습해요. Good luck!"},
    {"noah_e", 3970,
     "Explained entropy with the toy box. They understood immediately. They have been doing experiments for "
     "years."},
    {"taeyun", 3915,
     "심야 영화 보고 텅 빈 거리를 걸어 집에 왔다. 내가 주인공인 줄 알았는데 가로등이 주인공이었다. #영화 "
     "#서울"},
    {"joao", 3370, "Easy shake-out run, three kilometres, five dogs greeted. Race ready. #running"},
    {"saebyeol", 3336, "귤꽃 향에 벌이 잔뜩. 밭에 들어가려면 벌한테 허락부터 받아야 합니다. #제주"},
    {"youngsu", 3304, "새 안경을 맞췄더니 산이 가까워졌습니다. 무릎은 그대로 멀다고 합니다."},
    {"minji", 3280,
     "우리 팀에 '대답 없는 한 줄' 일곱 개를 보고했다. 혼날 줄 알았는데 다 같이 세 개를 더 찾았다. 이제 열 "
     "개. 좋은 팀이다. #코드리뷰"},
    {"jion", 3258, "@minji 숙제를 시키지 않았는데 해 온 학생을 보는 기분이 이런 거군요."},
    {"gunwoo", 3233,
     "면접 스터디에서 \"모놀리식의 장점\"을 물어봤다. @minji 님 글을 그대로 떠올리며 답했더니 칭찬받았다. "
     "감사합니다!"},
    {"minji", 3211, "@gunwoo 저도 배운 거예요. 다음에 배운 건 건우 님이 적어 주기!"},
    {"priya", 3183,
     "Things I now ask before splitting anything out: Who is woken when it breaks? What do we show while it "
     "is gone? Can we put it back? If nobody can answer the third, it is not an experiment, it is a tattoo. "
     "#microservices"},
    {"kofi", 3166,
     "@priya \"It is not an experiment, it is a tattoo\" is going on the wall of our on-call room."},
    {"junhwi", 3140,
     "느린 쿼리 잡는 순서\n1. 실행 계획 읽기\n2. 믿지 않기\n3. 다시 읽기\n4. 통계 갱신하기\n5. 사과하기 "
     "#데이터베이스"},
    {"seorae", 3115,
     "오늘 체육은 제비처럼 날기. 방향 전환에 성공한 사람 여덟, 착지에 성공한 사람 셋. 다친 사람 없음, 웃은 "
     "사람 스물셋."},
    {"nari", 3089,
     "손님이 둥지 아래에 우산을 거꾸로 달아 주셨어요. 똥받이입니다. 이렇게 우아한 똥받이는 처음 봐요. #제비"},
    {"tomas", 3070,
     "@nari An upside-down umbrella! Best piece of conservation engineering I have seen this year. #birding"},
    {"eunbi", 3042,
     "제비 둥지는 진흙을 천 번 가까이 물어 날라서 짓는다. 커밋 천 개짜리 집. 되돌리기 없음. #제비"},
    {"hyun", 3019, "@eunbi 무중단으로 증축까지 하더라고요. 존경합니다."},
    {"dasom", 2988,
     "접근성 점검하는 날. 마우스를 서랍에 넣고 키보드만으로 하루를 살아 봤다. 고칠 것 열네 개. 그중 아홉 "
     "개는 내가 만들었다."},
    {"zoe", 2955,
     "@dasom Only nine? I did this last spring and had to sit down. Worth every minute, though."},
    {"bitna", 2920,
     "해무리! 해 둘레에 동그란 무지개가 떴어요. 내일은 비가 올지도. 사진: https://example.org/clouds/halo "
     "#하늘"},
    {"eungyeol", 2892, "쉬는 날. 빨래를 널고, 화분에 물을 주고, 아무 데도 가지 않았다. 완벽했다."},
    {"haeun_books", 2863,
     "이번 주 독서 모임 책은 바다를 건넌 편지에 관한 소설. 읽고 오셔도 되고, 표지만 보고 오셔도 됩니다. 차는 "
     "있어요. #책추천 https://example.org/books/club"},
    {"elif", 2825, "Page 588. The letter was not suspicious. I was. #books"},
    {"anna_lind", 2791,
     "오늘 처음으로 전화로 음식을 시켰어요. 한국어로! 주소도 맞았고 음식도 맞았어요. 양만 4인분이었어요."},
    {"harin", 2773, "@anna_lind 4인분이면 정답이에요. 이웃과 나누면 한국어가 더 늘어요."},
    {"lukas_h", 2745,
     "Reviewed a change titled \"small cleanup\": 84 files. The cleanup was real. The small was "
     "aspirational. #codereview"},
    {"taeyun", 2709, "오늘은 영화 대신 극장 앞 벤치에서 나오는 사람들 표정을 봤다. 별 네 개."},
    {"chan_runs", 2670,
     "내일이 대회. 번호표를 옷에 달았다가, 떼었다가, 다시 달았다. 핀 구멍만 여덟 개. #달리기"},
    {"yul_papa", 2627, "율이가 내 생일 선물이라며 돌멩이를 줬다. 결혼한 셋 중 하나라고 했다. 책임이 무겁다."},
    {"doyun", 2595, "내일 시험. 필통 챙겼고, 시계 챙겼고, 마음은 아직 안 왔다. #시험기간"},
    {"siu", 2572, "@doyun 마음은 시험지 받으면 와요. 제 건 늘 그랬어요. 잘 자요!"},
    {"sam_w", 2526,
     "Last evening before the exam. Closed the books at nine, made soup, called my sister. Whatever I know, "
     "I know. #exams"},
    {"iseul", 2482, "비 오기 전 냄새가 난다. 내일은 우산 그림을 그려야지."},
    {"chan_runs", 1938, "출발선. 비가 살짝, 바람은 조금, 심장은 많이. 다녀오겠습니다! #달리기 #부산"},
    {"eunbi", 1905, "비 오는 날의 새들은 다들 어깨를 올리고 앉아 있다. 나도 그렇다. #새"},
    {"nari", 1870, "비 오는 날은 단팥빵. 제비 아빠는 처마 밑에서 깃털을 말리는 중입니다. #제비"},
    {"chan_runs", 1842,
     "완주!! 52분 14초. 제 인생 가장 빠른 10km예요. 결승선에서 받은 바나나가 세상에서 제일 달았다. 🍌 "
     "#달리기"},
    {"junhwi", 1825, "@chan_runs 축하합니다! 52분이면 저보다 한참 빠르네요. 갑천에서 따라가 보겠습니다."},
    {"hana_tran", 1809,
     "@chan_runs 광안리에서 응원했어요! 노란 모자 맞죠? 제일 크게 소리 지른 사람이 저예요."},
    {"chan_runs", 1790, "@hana_tran 그 목소리 덕에 마지막 1km를 버텼어요. 고맙습니다!"},
    {"doyun", 1767, "1교시 끝. 28쪽에서 나왔다. 풀었던 28쪽에서!! #시험기간"},
    {"maeve", 1744,
     "Ran the restore drill today. Backup from last night, empty machine, stopwatch: eleven minutes to first "
     "query. Last year it took three hours and a phone call to someone on a beach. Nobody clapped today "
     "because nobody noticed. That is the applause."},
    {"ugyeong", 1727, "@maeve 박수! 저는 압니다. 이건 기립 박수예요."},
    {"jion", 1700,
     "워크숍 마지막 날 과제. 떼어 낸 로그 서비스를 다시 안으로 넣어 보세요. 넣을 수 있어야 잘 뗀 것입니다. "
     "#모놀리식 #마이크로서비스"},
    {"minji", 1676,
     "로그 서비스를 다시 한 프로세스로 합쳤는데 테스트가 하나도 안 깨졌다. 계약 하나를 사이에 두고 들락날락. "
     "워크숍 다섯 번 만에 가위질이 무섭지 않게 됐다. #모놀리식"},
    {"priya", 1658,
     "Last exercise: put the service back into the monolith. All tests green, both ways. Turns out the hard "
     "part was never the network. It was knowing what we had promised each other. #monolith #microservices"},
    {"anna_lind", 1635,
     "마지막 점심은 다 같이 칼국수. 국물이 시원하다고 제가 먼저 말했어요. 뜨거웠는데요! 모두 박수."},
    {"grace_moon", 1612, "@anna_lind You have graduated. There is no higher level than 시원하다."},
    {"harin", 1585,
     "비 오는 날 김치전 재도전. 이번엔 비도 오고 전도 바삭하다. 기상청보다 정확한 나의 배고픔."},
    {"seorae", 1558, "비가 와서 교실에서 종이 제비를 접었다. 창문마다 스물세 마리. 내일은 모빌을 만들 예정."},
    {"iseul", 1532, "@seorae 색종이 남으면 부리에 노란색 살짝! 아기 제비가 돼요."},
    {"kofi", 1510,
     "Quiet shift. Used it to rewrite our runbook so that it starts with \"breathe\" and ends with \"write "
     "down what you did\"."},
    {"hyun", 1484, "@kofi Ours starts with \"is it really broken?\" and half the time that is also the end."},
    {"joao", 1461,
     "Race done: 51:48, in rain, uphill both ways. @chan_runs I believe somebody owes me a virtual custard "
     "tart. #running"},
    {"chan_runs", 1445, "@joao 26초 차이라니! 여기 있습니다 🥧 다음엔 제가 받을 거예요."},
    {"gunwoo", 1417,
     "링크드 리스트를 종이컵과 실로 설명했더니 후배가 한 번에 이해했다. 메모리 누수는 물로 시연했다."},
    {"bitna", 1390, "비가 그치고 쌍무지개. 무지개도 이중화가 되어 있었다. #하늘"},
    {"zoe", 1363, "Rain jacket review after one year: keeps the rain in very well."},
    {"saebyeol", 1336,
     "비에 귤꽃이 많이 졌어요. 그래도 꽃이 져야 귤이 달리니까, 오늘은 섭섭하지 않기로. #제주"},
    {"renee", 1302,
     "Attempt ten: you can count the layers AND they are friends. Breakfast for the whole staircase "
     "tomorrow. 🥐 #baking"},
    {"haeun_books", 1268,
     "비 오는 저녁의 손님은 오래 머문다. 한 분은 의자에서 잠드셨고 고양이가 무릎을 맡았다. #책방일기"},
    {"noah_e", 1234,
     "Both children asleep by eight. I do not know what I did, so I cannot reproduce it. Not science, but "
     "very welcome. #parenting"},
    {"youngsu", 1197, "비 온 뒤 텃밭에 달팽이가 많아 하나씩 옮겨 주었습니다. 상추 1호는 무사합니다."},
    {"taeyun", 1152,
     "재개봉한 옛 영화를 부모님과 봤다. 두 분은 첫 데이트 때 본 거라고 하셨다. 그때 아버지는 내용을 하나도 "
     "기억 못 하셨는데, 오늘은 대사를 따라 하시더라. 사실은 그 뒤로 혼자 세 번을 더 보셨다고. 어머니도 오늘 "
     "처음 아셨다. 나는 영화보다 옆자리를 더 많이 봤다. #영화"},
    {"sam_w", 1105,
     "Exam done. Question four was the \"exercise for the reader\". Reader did the exercise. #exams"},
    {"elif", 1060, "Page 871. I am reading slower and slower so that it does not end. #books"},
    {"eungyeol", 1010, "창문을 열어 두고 빗소리를 듣는다. 내일 근무는 오후부터."},
    {"nari", 530, "여러분!!! 둥지 아래에 알껍데기가 떨어져 있어요. 조용히 확인하고 올게요. #제비"},
    {"tomas", 512,
     "@nari Half a shell, cleanly cut around the middle? That is a hatched one. I am standing up in my "
     "kitchen. #birding"},
    {"nari", 494,
     "깼어요! 아기 #제비 한 마리! 아직 분홍색이고 입이 얼굴의 절반이에요. 나머지 넷도 곧일 것 같아요."},
    {"eunbi", 479, "@nari 기차표 끊었습니다. 소금빵은 인당 몇 개까지인가요?"},
    {"chan_runs", 466, "대회 다음 날 회복 달리기 3km. 다리는 무겁고 메달은 가볍다. #달리기"},
    {"yul_papa", 447,
     "율이에게 제비가 태어났다고 했더니 \"생일 축하해, 내 돌멩이랑 친구 하자\"라고 전해 달라고 한다. "
     "전합니다."},
    {"seorae", 424,
     "교실에 들어가자마자 스물세 명이 동시에 물었다. \"부장님이에요?\" 아직 모른다고 했더니 투표를 시작했다. "
     "#제비"},
    {"minji", 405,
     "워크숍이 끝났는데 자꾸 화살표를 그리게 된다. 오늘은 내 아침 일과를 그렸다. 커피가 단일 장애점이었다."},
    {"hyun", 388, "@minji 이중화하세요. 보리차 대기 서버 추천합니다."},
    {"jion", 369,
     "워크숍 자료와 여러분이 그린 지도들을 모아 올렸습니다. 함께 아파해 주셔서, 함께 고쳐 주셔서 고맙습니다. "
     "https://example.com/workshop/maps #모놀리식 #마이크로서비스"},
    {"priya", 352,
     "My summary of the workshop in one sentence: draw the boundary first, then decide whether a network "
     "belongs on it. Slides and our messy maps: https://example.com/workshop/maps #monolith"},
    {"anna_lind", 336, "@priya And in one word: 시원하다."},
    {"bitna", 320,
     "비 갠 아침, 티 하나 없는 하늘. 찍을 구름이 없어서 하늘만 찍었다. 이것도 한 장. #하늘 #서울"},
    {"doyun", 303, "시험 끝!!!!!! 하고 싶은 일 목록 1번: 자기. #시험기간"},
    {"siu", 289, "@doyun 수고했어요! 저는 목록 1번이 떡볶이인데 벌써 다녀왔어요."},
    {"ugyeong", 272,
     "오늘 지운 것: 3년 동안 아무도 안 읽은 테이블. 오늘 한 것: 지우기 전에 백업. 오늘 안 한 것: 후회. "
     "#데이터베이스"},
    {"maeve", 256, "@ugyeong Textbook. Now wait for the quarterly report that reads it once a year."},
    {"ugyeong", 241, "@maeve ...방금 연락 왔어요. 백업 만세."},
    {"renee", 223,
     "The staircase has eaten all the croissants. The neighbour on the third floor cried a little and blamed "
     "the butter. #baking"},
    {"harin", 207,
     "시험 끝난 동생에게 먹고 싶은 걸 물었더니 \"집밥\"이란다. 오늘 저녁은 오징어볶음에 계란찜. 설거지는 "
     "동생이. #광주"},
    {"gunwoo", 191,
     "처음으로 남의 코드를 리뷰했다. 떨리는 손으로 \"변수 이름이 좋네요\"라고 썼다. #코드리뷰"},
    {"dasom", 177, "@gunwoo 그 한마디로 일주일을 삽니다. 정말로요."},
    {"elif", 162,
     "Finished. 900 pages, and the last line was the first line. I read the first page last, for once. "
     "#books"},
    {"haeun_books", 149,
     "@elif 축하해요! 다음 책은 얇은 걸로 골라 둘게요. 고양이가 이미 그 위에 앉아 있어요. #책추천"},
    {"lukas_h", 134, "Snow line has moved up a hundred metres. So has my mood."},
    {"saebyeol", 122, "작은 초록 구슬만 한 귤이 맺혔습니다. 겨울까지 잘 부탁해. #제주"},
    {"iseul", 109, "노란 부리 다섯 개를 그리는 중. 하나는 넥타이를 맸다. 부장님이니까. #제비"},
    {"kofi", 96,
     "Shift over. Zero incidents, one cake, and a mug that says \"every wait needs an end\". Somebody here "
     "reads my posts. Thank you."},
    {"grace_moon", 84,
     "My class wrote haiku about exams. Best one: \"Pencil, please be brave. / I know you are short now. / "
     "So is the time left.\""},
    {"junhwi", 73,
     "점심 달리기 5km. @chan_runs 님 기록까지 이제 9분 남았습니다. 9분이 이렇게 길 줄이야. #달리기 #대전"},
    {"hana_tran", 62,
     "오늘 저녁 바닷가에서 야외 상영 해요. 돗자리와 겉옷 챙겨 오세요, 갈매기에게 줄 어묵은 없습니다. #영화 "
     "#부산"},
    {"zoe", 53, "No wind at all today. I do not trust it."},
    {"noah_e", 45, "Told the kids about the swallow in Jeonju. We are now a nest. I am the wire. #parenting"},
    {"youngsu", 38, "손주가 해시태그라는 것을 가르쳐 주었습니다. 이렇게 쓰면 되는지요. #상추1호"},
    {"yul_papa", 32, "@youngsu 완벽합니다 선생님. 율이가 상추 1호 팬이에요."},
    {"taeyun", 26, "오늘 야외 상영 보러 부산 갑니다. 크레디트 끝까지 앉아 계실 분 구해요. #영화"},
    {"hana_tran", 21, "@taeyun 저요! 맨 앞줄 돗자리 비워 둘게요."},
    {"eunbi", 16, "전주 도착. 둥지에서 작은 소리가 들린다. 세상에서 제일 작은 확성기. #제비 #전주"},
    {"sam_w", 11,
     "Slept eleven hours. The plan for today is colour-coded too: it is all green, and it says \"park\"."},
    {"nari", 7,
     "방금 두 번째가 깼어요! 이번엔 목소리가 아주 큽니다. 반 아이들에게 전해 주세요, 이쪽이 부장님 같습니다. "
     "#제비"},
    {"seorae", 4, "@nari 교실이 방금 뒤집어졌어요. 투표 결과와 일치합니다!"},
    {"minji", 2,
     "둥지에서는 아기 제비가, 내 노트북에서는 첫 번째 서비스가 깨어났다. 둘 다 아직 작고, 둘 다 자꾸 뭘 "
     "달라고 하고, 둘 다 언젠가는 둥지 밖으로 날아갈 것이다. 그때까지는 옆에서 지켜보기. #제비 #모놀리식"},
};

}  // namespace

std::span<const DemoTweet> demo_tweets() {
    return written;
}

}  // namespace jebi::app
