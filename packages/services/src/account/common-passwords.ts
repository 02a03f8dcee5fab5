/**
 * Passwords of 8 and more characters that head every published list of leaked ones. Shorter ones are refused by their
 * length, and variations (digits or symbols around, stand-ins such as `p@ssw0rd`, keyboard runs) by rule in
 * `password-policy.ts`, so this list names each of them once.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password passwort passw0rd iloveyou princess sunshine football baseball basketball superman starwars whatever
trustno1 jennifer computer michelle corvette mercedes maverick samantha victoria cocacola scooter1 hardcore swimming
nicholas jonathan steelers butthead mountain midnight slipknot snowball liverpool alexande alexander christin
christina christian benjamin patricia danielle jordan23 internet dolphins redskins blink182 cristina sweetheart
butterfly chocolate elizabeth barcelona fernando veronica playstation manchester realmadrid juventus chelsea1
arsenal1 qwertyui qwerty12 qwerty123 qwertyuiop q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx zaq1zaq1
asdfghjk asdfghjkl zxcvbnm1 asdf1234 qwer1234 abcd1234 abc12345 a1b2c3d4 aa123456 aaa111222 a1234567 a123456789
12345678 123456789 1234567890 12341234 11111111 00000000 88888888 87654321 987654321 9876543210 11223344 12121212
13131313 22222222 33333333 55555555 66666666 77777777 99999999 10203040 14725836 147258369 159753159 123123123
123321123 112233445566 123654789 741852963 789456123 789456123 456789123 987654123 147852369 258456258 31415926
19841984 19851985 20002000 letmein1 letmein123 welcome1 welcome123 changeme changeme1 changeit default1 administrator
administrador adminadmin admin123 admin1234 administrator1 rootroot root1234 toortoor testtest test1234 testing1
testing123 test12345 guest123 user1234 temp1234 temporary demo1234 sample123 example1 password1 password12 password123
password1234 mypassword newpassword oldpassword yourpassword thepassword passpass passport passphrase secret123
secretsecret topsecret letmeinnow iloveyou1 iloveyou2 iloveme1 loveyou1 lovelove lovelace babygirl babyboy1 sweetie1
sweet123 angel123 angelica anthony1 michael1 michael2 jordan12 robert12 thomas12 charlie1 charlotte daniel12 andrew12
matthew1 joshua12 jessica1 ashley12 amanda12 nicole12 hannah12 taylor12 brandon1 justin12 heather1 melissa1 stephanie
rebecca1 vanessa1 gabriela gabriella isabella valentina alejandra alejandro sebastian francisco guillermo margarita
carolina mariposa estrella princesa teamomucho tequiero teamo123 superstar superman1 batman12 batman123 spiderman
spongebob pokemon1 pikachu1 naruto12 starwars1 startrek enterprise millennium gandalf1 frodo123 matrix12 terminator
metallica slipknot1 nirvana1 linkinpark greenday eminem12 blackberry blackjack blackout thunder1 thunderbird lightning
dragon12 dragonball dragon123 monkey12 monkey123 tigger12 shadow12 shadow123 master12 master123 killer12 killer123
hunter12 hunter123 hello123 helloworld hellohello hello1234 hallo123 hallohallo bonjour1 bonjour123 motdepasse
contrasena contraseña senha123 parola12 parool12 haslo123 lozinka1 wachtwoord kennwort geheim123 schalke04 dortmund
bayern12 hamburg1 muenchen frankfurt deutschland schatzi1 schnucki sonnenschein schmetterling blumen12 sommer12
sommer2024 sommer2025 sommer2026 winter12 winter2024 winter2025 winter2026 summer12 summer2024 summer2025 summer2026
spring2024 spring2025 spring2026 autumn2025 autumn2026 january1 february september november1 december1 monday123
tuesday1 wednesday thursday friday13 saturday sunday123 football1 football12 baseball1 softball volleyball hockey12
lakers24 yankees1 cowboys1 packers1 patriots eagles12 raiders1 broncos1 steelers1 dolphin1 ferrari1 porsche1 porsche911
mustang1 mustang67 corvette1 camaro69 chevrolet chevy123 yamaha12 kawasaki suzuki12 harley12 harleydavidson marlboro
budweiser heineken whiskey1 jackdaniels chocolate1 cupcake1 cookie12 pumpkin1 pepper12 ginger12 peanut12 banana12
strawberry blueberry cherry12 buttercup snickers precious princess1 cheyenne savannah brooklyn chicago1 california
newyork1 newyork123 london12 london123 paris123 madrid12 valencia istanbul galatasaray fenerbahce besiktas1 trabzonspor
canada123 australia germany1 america1 scotland ireland1 england1 pakistan pakistan123 india123 krishna1 ganesh12
jesus123 jesuschrist godisgood blessed1 faithful heaven12 genesis1 trinity1 halleluja lucky123 lucky777 casino12
poker123 money123 dollars1 rich1234 business internet1 computer1 keyboard monitor1 windows1 windows10 microsoft
google12 google123 facebook facebook1 twitter1 linkedin linkedin1 youtube1 instagram snapchat whatsapp samsung1
samsung123 iphone12 android1 nokia123 motorola motorola1 sonyericsson playstation3 nintendo xbox3600 minecraft
minecraft1 fortnite roblox12 leagueoflegends warcraft worldofwarcraft counterstrike counter1 callofduty halflife
diablo12 zelda123 mario123 supermario donkeykong security security1 access14 access123 connect1 service1 server12
server123 database oracle12 oracle123 postgres postgres1 mysql123 mongodb1 redis123 ubuntu12 linux123 raspberry
raspberrypi cisco123 network1 wireless routerrouter homehome family12 family123 mother12 father12 brother1 sister12
friends1 friendship bestfriend forever1 foreverlove together wedding1 happy123 happyday smile123 smiley12 flower12
flowers1 rainbow1 rainbow12 sunflower sunshine1 moonlight starlight snowflake snowman1 butterfly1 dolphin12 elephant
kangaroo cheetah1 panther1 leopard1 eagle123 falcon12 phoenix1 unicorn1 mermaid1 fairytale wonderland alice123
cinderella rapunzel tinkerbell hellokitty kitty123 kittycat pussycat puppy123 doggy123 snoopy12 garfield mickey12
mickeymouse donaldduck goodluck whatever1 nothing1 something anything everything nobody12 anonymous incorrect
qweasdzxc qweasd123 1qazxsw2 zxcvbnm123 asdfasdf asdf4321 qwerqwer zxczxczxc poiuytrewq mnbvcxz1 lkjhgfdsa
qazwsxedc qazxswedc p0o9i8u7 0p9o8i7u xxxxxxxx zzzzzzzz aaaaaaaa abababab abcabcabc abcdefgh abcdefg1 abcdefghi
hgfedcba 1a2b3c4d 1a2b3c4d5e 123qweasd 123qwe123 123abc123 abc123abc 12qwaszx 12345qwert 1234qwer qwert123 qwert12345
qwerty1234 qwerty12345 azerty123 azertyuiop qwertz123 qwertzuiop`.split(/\s+/),
);
