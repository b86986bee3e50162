"""Words that are names of people, and capitalised words that are not. Folded: lower case, without accents.

The names are the most frequent ones of births and of the population in France (INSEE, fichier des prénoms and fichier
des noms), without those that are ordinary words of a medical report too.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST_NAMES: Final = _words("""
adele adrien agathe agnes alain albert alexandra alexandre alexis alfred alice aline amandine amelie anais andre andree
angele anne annick annie antoine antoinette arlette armand arnaud arthur aurelie aurelien aurore axel bastien baptiste
beatrice benjamin benoit bernadette bertrand brigitte bruno camille carole caroline catherine cecile celine chantal
charlotte christelle christian christiane christine christophe claude claudette claudine clement clemence colette
corinne cyril damien daniel daniele danielle david delphine denis denise didier dominique edith edouard elisabeth elise
elodie emile emilie emma emmanuel eric ernest estelle etienne eugene eva evelyne fabien fabrice fatima fernand fernande
florence florent florian franck francois francoise frederic gabriel gabrielle gaston genevieve georges georgette gerard
germaine ghislaine gilbert gilles ginette gisele guillaume guy gwenaelle helene henri henriette herve hubert hugo
huguette ines irene isabelle jacqueline jacques jean jeanne jeannine jerome joel joelle jordan joseph josette josiane
judith jules julia julie julien juliette karine kevin laetitia laura laure laurence laurent lea leon leonie liliane lily
lionel loic louis louise luc lucas lucette lucie lucien lucienne ludovic madeleine magali manon marc marcel marcelle
marguerite maria marianne marie marielle marine marion marthe martine mathilde mathieu matthieu maurice maxime melanie
michel michele micheline mireille mohamed monique muriel nadia nadine nathalie nicolas nicole noemie odette odile
olivier pascal pascale patricia patrick paul paule paulette pauline philippe pierrette quentin raphael raymond raymonde
regine remi renaud rene renee robert roger roland romain sabine samuel sandra sandrine sarah sebastien serge severine
simone solange sophie stephane stephanie suzanne sylvain sylvie theo therese thibault thierry thomas valentin valerie
vanessa veronique victor vincent viviane xavier yann yannick yolande yves yvette yvonne zoe
john james mary peter william elizabeth margaret susan michael jennifer
""")

FAMILY_NAMES: Final = _words("""
bernard dubois durand moreau lefebvre leroy roux bertrand morel fournier girard bonnet dupont lambert fontaine rousseau
faure mercier blanchard guerin muller garnier chevalier francois legrand gauthier garcia perrin robin clement morin
nicolas roussel mathieu masson duval denis dumont lemaire meyer dufour meunier brun blanchet giraud joly riviere
lucas brunet gaillard barbier arnaud martinez renard schmitt leroux colin vidal caron picard aubert lemoine renaud
dumas lacroix olivier bourgeois benoit fernandez guillaume vasseur lopez rodriguez perez sanchez nguyen lecomte leclerc
hubert boucher dupuis deschamps carpentier guillot huet dupuy bailly menard moulin lefevre lefort marchand maillard
hamel charpentier dupre germain rolland delmas bouvier jacquet lebrun leblanc besson tessier prevost marechal poirier
martin thomas petitjean delaunay lefranc couturier gonzalez da-silva ferreira pereira
smith jones williams taylor
""")

NOT_NAMES: Final = _words("""
lutathera lutetium gallium oxodotreotide octreotide lanreotide everolimus sunitinib somatuline sandostatine afinitor
scanner tep irm pet ct mri scintigraphie octreoscan recist ctcae ecog karnofsky who oms child pugh kaplan meier crohn
hodgkin cushing zollinger ellison common terminology criteria adverse events version grade cycle visite visit bras arm
institut centre center hopital hospital clinique clinic chu chru cancer montpellier curie gustave roussy paris lyon
marseille bordeaux toulouse nantes lille rennes strasbourg ile de france renaten rcp protocol protocole amendement
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january february march april may
june july august september october november december lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday
wednesday thursday friday saturday sunday krebs european neuroendocrine tumor tumour society european union france
french francais francaise european medicines agency novartis advanced accelerator applications siemens philips ge
mme mlle mrs madame monsieur docteur doctor professeur professor anglais english day
jour semaine week month mois the patient patiente subject sujet good clinical practice quality
life qlq ginet eortc cocktail solution amino acids acides amines vitamin vitamine arginine lysine service
medecine nucleaire oncologie radiologie nuclear medicine
""")
