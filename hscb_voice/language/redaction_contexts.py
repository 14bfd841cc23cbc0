"""Hold the words around a name that give it away: roles, titles, verbs that only people do, ways to begin a name.

Why: "hope" is a name in "hope listened to me" and a wish in "I hope so"; these sets are what tells them apart.
May not: hold names, places or rules.
"""

WORKER_ROLES = frozenset(
    "worker workers keyworker key-worker socialworker support-worker teacher ta hlta advocate adviser advisor counsellor "
    "counselor therapist mentor cidva idva isva iro chair chairperson chairwoman chairman nurse doctor officer policeman "
    "policewoman pc sergeant psychologist psychiatrist practitioner headteacher head senco solicitor guardian midwife "
    "manager supervisor coach tutor sw ssw fsw interpreter wrker wurker werker wroker worcker techer teecher consultant "
    "clinician paediatrician dentist paramedic coordinator co-ordinator lead facilitator leader trainer pa deputy "
    "gweithiwr gweithwraig athro athrawes asistenta pracownica pracownik profesoara profesor".split()
)
CHILD_ROLES = frozenset(
    "brother sister son daughter friend mate baby cousin twin girl boy child bestie bff stepbrother stepsister step-brother "
    "step-sister half-sister half-brother lad grandson granddaughter nephew niece pupil bro sis sibling kid youngest eldest "
    "oldest toddler bruv freind frend friends brothers sisters kids children boys girls sons daughters cousins twins lads "
    "siostra brat synek corka syn sora frate fratele fiica fiul brawd chwaer ffrind goddaughter godson classmate".split()
)
ADULT_ROLES = frozenset(
    "mum mam dad mummy daddy mom mother father stepdad stepmum step-dad step-mum partner boyfriend girlfriend husband wife "
    "ex uncle auntie aunty aunt nan nana grandad granddad grandpa grandma gran granny carer carers neighbour man lady boss "
    "fiance hubby missus bf gf landlord nanny ex-partner ex-husband ex-wife godmother bloke woman fella person respite "
    "stepfather stepmother cat dog puppy kitten hamster rabbit horse pony".split()
)
ROLES = WORKER_ROLES | CHILD_ROLES | ADULT_ROLES
TITLES = frozenset("mr mrs ms mx dr miss prof professor pastor rev reverend pani pan doamna domnul domnu mister missus".split())
FAMILY_TITLES = frozenset(
    "auntie aunty aunt anti uncle nan nana nanny gran granny grandad granddad grandpa grandma nain taid ciocia wujek babcia "
    "matusa unchiul mamgu tadcu mam-gu tad-cu".split()
)
NAMING = frozenset("called named name's nickname nicknamed imieniu numita numit enw o'r".split())
DETERMINERS = frozenset(
    "a an the my your his her our their this that these those every each some any no another what which whose its two three "
    "one other new old good big little more much many lots gas electric water phone car really very so too".split()
)
ARTICLES = frozenset("a an the this that these those every each some any no another its".split())
OWNERS = frozenset("my your his her our their mi moja moj".split())
TALK_LEFT = frozenset(
    "met meet meeting told tell telling asked ask asking thanks thank thankyou thanx thx ty miss missed missing hi hello hey dear love loves loved "
    "like likes liked hate hates hated trust trusts saw see seeing visit visiting ring rang phone phoned call know knows knew "
    "want wants wanted lost bring cheers bye goodbye hug hugged email emailed text texted watching appreciate recommend "
    "please sorry".split()
)
NEAR_LEFT = frozenset("with by from to for about of and & than if when because cos cause that but while since until unless or like only without after before see is was".split())
TALK_TO = frozenset(
    "talk talks talked talking speak speaks spoke spoken speaking listen listened listening close next chat chatted chatting "
    "said go goes went come came going introduced moved given gave write wrote thanks thank used back sent".split()
)
WORK_WITH = frozenset(
    "work works worked working sessions session time talk talks talked talking play played playing spent speak speaking "
    "chats chat live lives lived living stay stayed staying met meeting meetings visits visit get gets got getting been be "
    "am was going went go safe happy comfortable bonded chatting spending contact relationship appointment appointments "
    "baking cooking drawing painting sit sat easy".split()
)
PEOPLE_VERBS = frozenset(
    "listens listened listend lisens lisened lissened helps helped helpt helpd says said sed tells told asks asked came comes "
    "visited visits explained explains talked talks took takes gave gives understood understands played plays rang called "
    "showed shows taught teaches left makes made got gets hit hits shouted shouts hurt hurts worked works speaks spoke lives "
    "lived cares cared picks picked sits sat brought brings went goes knew knows thinks thought wants wanted doesn't didn't "
    "dont don't never always cried cries tried tries keeps kept lets let puts stopped stops supported supports made promised promises "
    "forgot forgets turned turns arrived phoned texted emailed introduced cancelled cancels kicked pushed punched swore "
    "smiled laughed read reads wrote ran runs used believed believes treated treats wasn't isn't hasn't hadn't couldn't "
    "wouldn't won't can't goes needs needed likes liked loves loved hates hated seems seemed became met sees saw died moved "
    "stayed explaned suggested suggests encouraged encourages answered answers guided pushed calmed calms reassured "
    "pomogla pomogl sluchala powiedziala jest byla byl a m-a ajutat ascultat".split()
) - {"a"}
BEING = frozenset("is was has had were are would could should can will might must may be been being seems really just also who and&".split())
PERSON_WORDS = frozenset(
    "kind kinder lovely funny caring friendly patient helpful approachable understanding supportive brilliant amazing great "
    "nice nicest good fab fantastic wonderful excellent awesome best calm easy always never so very really not my our the a "
    "an been coming going leaving there here late rude mean horrible scary angry happy sad gentle honest professional "
    "reliable flexible brill lush ace sound like helping one someone able off ill away back nasty too more super "
    "available polite respectful trustworthy".split()
)
ONLY_PEOPLE_ARE = frozenset(
    "kind caring friendly patient helpful approachable understanding supportive gentle honest professional reliable flexible "
    "polite respectful trustworthy rude my our so always leaving late coming helping lovely funny".split()
)
SEASONS = frozenset("may april june july august summer autumn winter spring january avril sunday monday friday easter noel christmas season".split())
SEASON_LEFT = frozenset(
    "in since by until till last next every of this during over before after on early late mid from end through all half "
    "st nd rd th around between beginning start middle".split()
)
NOUNS_RIGHT = frozenset(
    "holiday holidays term school schools group church faith values club camp camps time break bank half day week month "
    "garden gardens club road street lane close house centre center primary academy college football united city council "
    "family families box wood tree trees party weather uniform fair fayre play project programme program course foundation "
    "trust service services team star stars light lights card cards sauce cake pie".split()
)
VERB_BEFORE = frozenset(
    "i we they you to would could can can't will won't should don't didn't might must he she it not never just who it's and please".split()
)
VERB_LIKE = frozenset("sue rob pat mark nick chase drew grant frank bill peter don peg barb josh jack dawn hope rose may will sing jet ward wade lance chip chuck hunter skip ray may cash bond guy".split())
ACRONYMS = frozenset(
    "sw cp pe it tv fb hv eh ta gp da dv mp pc ok id uk us am pm xx la co qa re dt ict ps ks ht fc hr pa rt tt ty ur im iv av "
    "cv dj mc np ot rp sv uv eu fm ac dc ad bc nb pt rs sm st vr hd xl xs mr ms dr ll ve nd rd th ai pl lo oi yo ah oh ew um "
    "hi no so we he me my be by do go if in is of on or to up as at an ie eg gf bf dm ig sc tx np kk lg wc ed".split()
)
