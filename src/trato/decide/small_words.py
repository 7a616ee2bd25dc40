"""Words that carry no matter: articles, prepositions, pronouns, auxiliaries and what questions begin with."""

from typing import Final

from trato.kit.text import without_accents

_ES: Final = """
a al algo alguien algún alguna algunas alguno algunos ante antes aquel aquella aquello aún aunque bajo bien
cada como cómo con contra cual cuál cuales cuáles cualquier cuando cuándo cuanto cuánto cuanta cuánta
cuantos cuántos cuantas cuántas de debe deben debo del desde donde dónde dos durante e el él ella ellas
ellos en entre era eran eres es esa esas ese eso esos esta está están estaba estar estas este esto estos
estoy fue fueron fui había habían haber hace hacen hacer hago han has hasta hay haya he hemos hizo hoy la
las le les lo los más me mi mí mis mientras muy nada ni ningún ninguna ninguno no nos nosotros nuestra
nuestro o os otra otras otro otros para pero podemos podría por porque pueda puede pueden puedo pues que qué
quien quién quienes quiénes quiere quiero se sea según ser sería si sí sido sin sobre sois solo sólo somos
son soy su sus también tan tanto te tengo tener tiene tienen toda todas todo todos tras tu tú tus un una
unas uno unos usted ustedes va vamos van voy y ya yo
"""
_PT: Final = """
a à ao aos algo alguém algum alguma algumas alguns antes aquela aquele aquilo as às até cada com como contra
da das de dela dele deles depois desde deve do dos e é ela elas ele eles em entre era eram essa essas esse
esses esta está estão estar estas estava este estes estou eu faço faz fazem fazer foi foram há isso isto já
lhe mais mas me mesmo meu meus minha minhas muito na nas não nem nenhum no nos nós num numa o onde os ou
outra outras outro outros para pela pelas pelo pelos pode podem podemos poder posso por porque qual quais
qualquer quando quanto quanta quantos quantas que quê quem quer quero são se seja sem ser será seu seus sido
só sob sobre somos sou sua suas também te tem têm tenho ter teve tinha toda todas todo todos tu um uma umas
uns você vocês vai vamos vão vou
"""
_EN: Final = """
a about above after again all also am an and any are as at be because been before being below between both
but by can cannot could did do does doing down during each for from had has have having he her here hers him
his how i if in into is it its just many may me might more most much must my no nor not of off on once only
or other our out over own shall she should so some such than that the their them then there these they this
those through to too under until up upon us was we were what when where which while who whom whose why will
with would you your
"""

_WRITTEN: Final = {"es": _ES.split(), "pt": _PT.split(), "en": _EN.split()}
SMALL: Final = {
    language: frozenset((*given, *map(without_accents, given))) for language, given in _WRITTEN.items()
}
