"""Lines as they are typed into notes, written for this test: nobody in them exists. `[[...]]` marks what identifies."""

from typing import Final

IDENTIFYING: Final = """
NAME|M. [[Villeneuve]] s'est présenté à la consultation sans rendez-vous.
NAME|Mme [[Kerbrat]] refuse la suite du traitement.
NAME|Madame [[Quillévéré]] a signé le consentement devant témoin.
NAME|Monsieur [[D'Haussy]] rappelé ce jour.
NAME|Avis demandé au Dr [[Tréhorel]] en réunion.
NAME|Avis du Pr. [[Abgrall]] : poursuite de la surveillance.
NAME|Vu par le Docteur [[Le Goaziou]] en urgence.
NAME|Patient [[Kowalczyk]] transféré en réanimation.
NAME|La patiente [[Ségolène Abautret]] décrit des nausées.
NAME|nom : [[Abiven]], prénom non précisé
NAME|Le fils du patient, [[Yannick]], a appelé le secrétariat.
NAME|Sa fille [[Marie-Claude]] l'accompagne à chaque cycle.
NAME|Contact avec [[Jean-Pierre]] au sujet du transport.
NAME|Le scanner de [[Dupont]] est arrivé ce matin.
NAME|Compte rendu adressé à [[LEFEBVRE]] par courrier.
NAME|Discussed with [[Mr Ashworth]] and his family.
NAME|Mrs [[Bramley]] reports persistent diarrhoea.
NAME|The subject's wife, [[Margaret]], called the ward.
NAME|Reviewed by Dr. [[Okonkwo]] on site.
NAME|Subject [[Featherstone]] declined the infusion.
NAME|Le dossier concerne bien [[Gwendal Prigent]] et non son frère.
NAME|Le frère, [[Erwan Salaün]], vit au même domicile.
NAME|Rendez-vous pris par [[Kevin Le Floch]] pour son père.
NAME|Il s'appelle en réalité [[Berthou]], erreur de saisie.
NAME|Echographie réalisée par Mlle [[Cariou]], interne.
NAME|Anesthésiste : Pr [[Ould-Kaci]].
NAME|Témoin du consentement : [[Martin]] (voisin).
NAME|Prof. [[Zimmermann]] confirmed the reading.
NAME|Le patient Paul [[Morvan]] est décédé à domicile.
NAME|Appel de [[Thierry]] le mari, hospitalisation à prévoir.
NAME|La sœur de mme [[kervella]] a été prévenue.
NAME|patient [[durand]] vu ce jour
NAME|Vu ce jour, [[DUVAL Thérèse]], accompagnée.
NAME|Hospitalisé sous le nom de [[Tanguy]].
INITIALS|Patient [[J.-P.]] vu en consultation.
INITIALS|Le sujet [[B.D.]] a été recontacté.
INITIALS|Discussed with [[A. B. C.]] by phone.
INITIALS|Patiente [[M.L.]] : reprise du travail.
BIRTH_DATE|Patient né le [[12/03/1958]], sans antécédent.
BIRTH_DATE|née le [[7 avril 1961]] à l'étranger
BIRTH_DATE|DDN [[03.11.49]], poids 71 kg.
BIRTH_DATE|DOB: [[1955-07-22]], male.
BIRTH_DATE|Date de naissance : [[01-02-1963]].
BIRTH_DATE|Born on [[March 4, 1950]], lives alone.
BIRTH_DATE|Femme de 61 ans ([[15/08/1960]]) en bon état général.
NAME|Vu avec M. [[Le Dantec]], aidant principal.
NAME|Transport assuré par [[Corentin]] son neveu.
BIRTH_DATE|ddn:[[１２/０３/１９５８]]
PHONE|Joindre au [[06 12 34 56 78]] après 18 h.
PHONE|Tél. [[02.98.00.11.22]] en cas de fièvre.
PHONE|Rappeler le [[+33 6 12 34 56 78]] demain.
PHONE|Call back at [[+44 20 7946 0958]] tomorrow.
PHONE|Numéro du fils 0[[6-12-34-56-78]].
PHONE|Portable [[0033 7 81 22 33 44]].
PHONE|tel:[[0612345678]]
EMAIL|Ecrire à [[anne.quelquun@exemple.fr]] pour la suite.
EMAIL|Questionnaires à renvoyer à [[p_martin58(at)exemple.org]].
EMAIL|Mail [[fille.du.patient@exemple.co.uk]] noté ce jour.
NIR|Numéro de sécurité sociale [[1 58 04 34 172 045 70]].
NIR|NIR [[2 61 11 2A 004 118 22]], née en Corse.
NIR|N° SS : [[2 49 07 2B 033 027 85]]
NIR|immatriculation [[172129935000721]] sur la carte
NIR|Assurée [[2 58 04 34 172 045]] sans clé lisible.
HOSPITAL_NUMBER|IPP [[8001234567]] confirmé avec l'accueil.
HOSPITAL_NUMBER|Dossier n° [[123456]] transmis à la radiologie.
HOSPITAL_NUMBER|NIP : [[0045 7788]] à corriger.
HOSPITAL_NUMBER|MRN [[77-812-334]] checked at admission.
HOSPITAL_NUMBER|Etiquette 20[[1598877]] collée sur le tube.
HOSPITAL_NUMBER|IEP [[220045981]] du séjour de mars.
HOSPITAL_NUMBER|Hospital number [[AB-445566]] on the label.
"""

CLEAN: Final = """
Lutathera 7.4 GBq perfusé en 30 minutes, bien toléré.
CTCAE grade 2, diarrhée, résolutive en trois jours.
3 lésions hépatiques stables sur le scanner du 12/03/2022.
Scanner thoraco-abdomino-pelvien du 04.05.2021 : maladie stable.
TEP au 68Ga-DOTATOC du 2022-02-15, fixation supérieure au foie.
Plaquettes à 75 10*9/L, contrôle dans 7 jours.
Créatinine 80 µmol/L, DFG MDRD 74 mL/min/1,73 m2.
Perfusion de Lysakare 25 g/25 g débutée 30 minutes avant.
Nausées de grade 1 traitées par ondansétron 8 mg x 2/jour.
Thrombopénie G2 : cycle 2 décalé de 14 jours.
Activité résiduelle dans la seringue : 112,4 MBq à 14:35.
Activité administrée 7385.5 MBq, activité prescrite 7400 MBq.
Lot 22B0417-01, péremption le 18/03/2022 à 16h00.
Caméra en panne, examen reporté à la semaine prochaine.
Patient vu en consultation ce jour, état général conservé (ECOG 1).
La patiente souhaite réfléchir avant de poursuivre.
Le patient ne souhaite plus se déplacer pour les visites.
Décision de la RCP RENATEN : retraitement accepté.
Dose réduite de moitié en raison d'une toxicité hématologique.
Progression hépatique au M4 : nouvelle lésion du segment IV, 18 mm.
Somme des diamètres 84 mm contre 71 mm au nadir (+18 %).
Ki-67 à 12 %, grade G2 OMS 2019, iléon.
Antécédent de cholécystectomie en 2009, HTA traitée par amlodipine.
Première PRRT : 4 cycles de 7,4 GBq entre 2018 et 2019.
Visite manquée à cause des grèves de transport.
Sandostatine LP 30 mg arrêtée 4 semaines avant le cycle.
Everolimus 10 mg/j débuté le 01/06/2022 hors essai.
Bilan du 03/01/2023 : Hb 10,2 g/dL, neutrophiles 1,4 G/L.
Décès annoncé par le médecin traitant, cause tumorale.
Trois appels sans réponse, courrier recommandé envoyé.
Perdu de vue depuis la visite M6, déménagement signalé.
Le patient est hospitalisé dans un autre centre pour occlusion.
Extravasation minime au point de perfusion, pas de rougeur.
Hydratation insuffisante, acides aminés arrêtés à 3 h 30.
Consentement version 2.0 remis, copie donnée.
Consentement signé avant l'approbation de la version 1.1.
Erreur de saisie : la date du cycle était le 08/03/2022.
La date du prélèvement a été saisie à la place de celle du scanner.
Sérologie négative, pas de contre-indication.
Dosimétrie : dose rénale cumulée 21,3 Gy (limite 23 Gy).
Protocole RELUTH version 3.1 approuvé par le CPP Ile de France.
Relecture centrale : réponse partielle selon RECIST 1.1.
Syndrome carcinoïde contrôlé, 2 selles par jour.
Valve tricuspide : fuite de grade III/IV à l'échographie.
Fixation au niveau de l'os iliaque gauche, score de Krenning 4.
Pas de progression morphologique ; marqueurs CgA 340 ng/mL.
Traitement par radiothérapie externe 8 Gy sur L4 en 2021.
Poids 71,5 kg, taille 168 cm, TA 132/78 mmHg.
Infusion stopped for 20 minutes because of nausea.
The scan of 12 March 2022 could not be read centrally.
Cycle 3 postponed: platelets 68 10*9/L on 2022-06-02.
Subject withdrew from study treatment and stays in follow-up.
Subject travels abroad until June, next visit out of window.
No new lesion. Target lesions: 34 mm, 22 mm and 18 mm.
Common Terminology Criteria for Adverse Events 5.0 applied.
The gamma camera was out of order on Monday.
Syringe residual measured late; decay corrected with 6.647 days.
New anticancer therapy started: everolimus, outside the protocol.
Kaplan Meier estimates were shown at the meeting.
Grade 3 lymphopenia, resolved without treatment.
Amino acid solution stopped after 2.5 h because of vomiting.
Phone visit held; the subject was alive and well.
Questionnaire EORTC QLQ-C30 non rempli, oubli du centre.
Ultrasound by the site showed ascites, grade 2.
Dr non joignable, avis repris à la prochaine RCP.
Adénopathie latéro-aortique de 11 mm, petit axe.
Site audit: two source documents were missing.
Merci de corriger la date de la visite M8.
Sous Lanréotide 120 mg toutes les 4 semaines depuis 2017.
Née en mai 1957 selon la fiche de sélection.
Examen relu à l'Institut Paoli Calmettes.
Transféré au Centre Léon Bérard pour la suite.
Hémogramme du 03/01/2023 10:20 : normal.
Vacances de Noël : visite déplacée.
Syndrome de Lambert-Eaton exclu.
Service de Médecine Nucléaire fermé.
IRM et TDM du 05 01 2022, 12 coupes.
Avis Cardiologie Interventionnelle demandé.
Vacances à Saint Malo en août, visite décalée.
Hôpital de jour fermé le lundi de Pâques.
"""
