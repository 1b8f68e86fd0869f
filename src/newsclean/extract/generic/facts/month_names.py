"""The names of months as newsrooms print them, beside those that `newsclean.extract.dates` knows."""

from __future__ import annotations

from typing import Final

from newsclean.extract.dates import MONTHS

__all__ = ["MONTH_OF"]

# Twelve words a language, January first, on one line or two; a `/` parts forms of one month.
_YEARS: Final = """
januari februari mars/maart april maj/mei juni juli augusti/augustus september oktober november december
jan feb mrt/mär apr mei jun jul aug/ago sept/sep okt/ott/set/out nov des/dez/dic
januar februar marts april maj juni juli august september oktober november desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta
heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
jänner feber märz april mai juni juli august september oktober november dezember
janv févr/fév mars avr mai juin juil août sept oct nov déc
ene feb mar abr may jun jul ago sept oct nov dic
genn febbr mar apr magg giu/giugn lug/lugl ago sett ott nov dic
jan fev mar abr mai jun jul ago set out nov dez
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
sty lut mar kwi maj cze lip sie wrz paź lis gru
ledna února března dubna května června července srpna září října listopadu prosince
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
január február március április május június július augusztus szeptember október november december
jan febr márc ápr máj jún júl aug szept okt nov dec
januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga/studenog prosinca
januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра
януари февруари март април май юни юли август септември октомври ноември декември
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
студзеня лютага сакавіка красавіка мая/траўня чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου/μαίου ιουνίου
ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
ιαν φεβ μαρ απρ μαϊ/μάι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
oca şub mar nis may haz tem ağu eyl eki kas ara
yanvar fevral mart aprel may iyun iyul avqust/avgust sentyabr oktyabr noyabr dekabr
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā
jūlijs/jūlijā augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī decembris/decembrī
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
janari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba
januari februari maret april mei juni juli agustus september oktober november desember
januari februari mac april mei jun julai ogos september oktober november disember
januarie februarie maart april mei junie julie augustus september oktober november desember
urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren
uztailaren abuztuaren irailaren urriaren azaroaren abenduaren
يناير/جانفي فبراير/فيفري مارس أبريل/ابريل/إبريل/أفريل مايو/ماي يونيو/يونيه/جوان
يوليو/يوليه/جويلية أغسطس/اغسطس/أوت سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر
كانون شباط آذار/اذار نيسان أيار/ايار حزيران تموز آب أيلول/ايلول تشرين ۱۱ ۱۲
بינואר/ינואר בפברואר/פברואר במרץ/מרץ באפריל/אפריל במאי/מאי ביוני/יוני
ביולי/יולי באוגוסט/אוגוסט בספטמבר/ספטמבר באוקטובר/אוקטובר בנובמבר/נובמבר בדצמבר/דצמבר
जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर
জানুয়ারি/জানুয়ারী ফেব্রুয়ারি/ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
มกราคม/ม.ค กุมภาพันธ์/ก.พ มีนาคม/มี.ค เมษายน/เม.ย พฤษภาคม/พ.ค มิถุนายน/มิ.ย
กรกฎาคม/ก.ค สิงหาคม/ส.ค กันยายน/ก.ย ตุลาคม/ต.ค พฤศจิกายน/พ.ย ธันวาคม/ธ.ค
"""


def _known() -> dict[str, int]:
    found = dict(MONTHS)
    for place, forms in enumerate(_YEARS.split()):
        for form in forms.split("/"):
            found.setdefault(form, place % 12 + 1)
    del found["كانون"], found["تشرين"]  # two months each, told apart by a second word
    return found


MONTH_OF: Final = _known()
