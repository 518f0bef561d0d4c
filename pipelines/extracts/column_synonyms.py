"""What exports call our columns, in English, German, French, Dutch and Spanish: for drafts alone.

Belongs here: names without case, blanks, signs and accents. They are guesses for a person to judge;
a name that means another column as often stands nowhere.
"""

from __future__ import annotations

SYNONYMS = {
    "order_id": """
        order orderno ordernr ordernumber orderid ordernum ordername bestellnummer bestellnr
        bestellungsnr auftragsnummer auftragsnr numero numerocommande numerodecommande ncommande
        ndecommande nodecommande
        commande bestelnummer ordernummer pedido numeropedido numerodepedido npedido
        transactionid invoice invoiceno invoicenumber rechnungsnummer
    """,
    "ordered_at": """
        orderdate ordertime orderedon dateordered datetime createdat created createddate datecreated
        placed placedat purchasedate paidat dateplaced datum bestelldatum bestellzeit
        auftragsdatum date datecommande datedecommande besteldatum fecha fechapedido
        fechadepedido invoicedate timestamp
    """,
    "channel": "orderchannel saleschannel ordertype type kanal auftragsart art canal tipo soort",
    "buyer_id": """
        buyer buyerno customerid customerno customernumber kundennummer kundennr numeroclient
        klantnummer numerocliente
    """,
    "seller_id": """
        seller sellerno consultant consultantid rep repid representative agent distributorid
        distributor berater beraterin beraternummer verkaufer vendeur vendeuse conseillere
        numerovendeur verkoper vendedor vendedora
    """,
    "customer_email": """
        email emailaddress mail customermail buyeremail emaildukunden emailadresse kundenemail
        courriel adresseemail emailclient correo correoelectronico
    """,
    "customer_name": """
        customer customername buyername billingname kunde kundenname client nomclient nomduclient
        klant klantnaam cliente nombrecliente
    """,
    "customer_phone": "phone telephone telefon telefonnummer telefoon telefono billingphone",
    "contact_opt_out": "optout nocontact donotcontact optedout keinkontakt",
    "country": """
        countrycode billingcountry shippingcountry maincountry land landercode pays codepays pais
        landcode
    """,
    "amount": """
        total ordertotal subtotal totalamount grandtotal price value sum sales netsales betrag summe
        gesamt gesamtbetrag umsatz brutto montant total montanttotal bedrag totaal importe
    """,
    "currency": "currencycode ordercurrency wahrung devise monnaie valuta munt moneda divisa",
    "bv": """
        businessvolume volume points pv cv businessvolumetotal punkte volumen volumenpunkte pointsbv
        punten puntos
    """,
    "party_id": "party partyno partynumber partynummer partynr numerofete feestnummer fiesta",
    "member_id": """
        member memberno membernumber memberid id repid distributorid distributorno consultantid
        consultantno customerid partnerid partnernummer partnernr mitgliedsnummer mitgliednr
        beraternummer numeromembre numerodemembre numeroadherent lidnummer numeromiembro numerosocio
    """,
    "member_type": "membertype customertype type typ mitgliedsart art typemembre soort tipo",
    "name": "fullname membername firstnamelastname vollername nom nomcomplet naam nombre",
    "email": "mail emailaddress emailadresse courriel adresseemail correo correoelectronico",
    "phone": "telephone phonenumber mobile telefon telefonnummer handy telefoon telefono movil",
    "language": "lang languagecode locale sprache langue taal idioma",
    "sponsor_id": """
        sponsor sponsorno sponsornumber upline uplineid parent parentid sponsornummer sponsornr
        parrain numeroparrain patrocinador
    """,
    "enroller_id": "enroller enrollerno recruiter recruiterid enrolledby werber anwerber recruteur",
    "enrolled_on": """
        enrolled enrolldate enrollmentdate enrolmentdate joindate joined joinedon startdate signup
        signupdate created createddate eintritt eintrittsdatum beitritt dateinscription inscription
        inschrijfdatum fechaalta
    """,
    "rank": "title careerrank highestrank rang titel grade stufe rango",
    "ran_id": "ran ranno rannumber returnid returnno rma rmano rmanumber retourennummer",
    "reason": "returnreason grund rueckgabegrund ruckgabegrund motif reden motivo",
    "requested_on": "requested requestdate returndate ruckgabedatum anfragedatum datedemande",
    "delivered_on": "delivered deliverydate lieferdatum datelivraison bezorgdatum fechaentrega",
    "issued_on": "issued issuedate ausgestellt ausstellungsdatum",
    "received_on": "received receiptdate eingang eingangsdatum datereception ontvangen",
    "consultant_id": "consultant rep repid hostess berater beraterin consultante beraternummer",
    "held_on": "partydate held date datum",
    "reversal_id": "refundid refundno creditnote creditnoteno gutschrift gutschriftnr avoir",
    "reversed_at": "refunddate refundedat refunded reverseddate gutschriftsdatum dateavoir",
    "kind": "type reversaltype art typ sorte soort tipo",
    "line_no": "line lineno linenumber orderline position pos posnr ligne regel linea",
    "product_code": """
        product productid sku itemcode item itemno article articleno articlenumber artikel
        artikelnummer artikelnr codearticle reference codeproduit artikelcode producto
    """,
    "quantity": "qty quantityordered lineitemquantity menge anzahl stuck quantite aantal cantidad",
    "subscription_id": "subscription subscriptionno abo abonummer abonnement abonnementid",
    "monthly_budget": "budget monthlyamount monatsbudget budgetmensuel",
    "started_on": "started startdate start beginn startdatum datedebut",
    "stopped_on": "stopped enddate stopdate cancelled cancelleddate ende enddatum datefin",
    "billing_id": "billing billingno charge chargeid abbuchung abrechnung",
    "billed_on": "billed billingdate chargedate abbuchungsdatum",
    "payment_id": "payment paymentno zahlung zahlungsnummer paiement betaling pago",
    "paid_on": "paid paymentdate datepaid zahlungsdatum datepaiement betaaldatum fechapago",
    "account_id": "account accountno konto kontonummer compte rekening cuenta",
    "partner_id": "partner partnerno referrer referredby",
    "registered_on": "registered registrationdate registriert registrierungsdatum",
    "verified_on": "verified verifieddate verifiziert",
    "plan_id": "plan planno paymentplan ratenplan",
    "package": "packagename paket pakket forfait paquete",
    "price": "packageprice preis prix prijs precio",
    "instalments": "installments numberofinstalments raten anzahlraten echeances termijnen",
    "first_due_on": "firstdue duedate faelligam faelligkeit falligkeit",
    "week_start": "week weekstart weekof startdate wochenbeginn",
    "hold_id": "hold holdno sperre",
    "starts_on": "start starts startdate from von beginn startdatum",
    "ends_on": "end ends enddate to bis ende enddatum",
    "lead_id": "lead leadno enquiry enquiryid anfrage anfragenummer",
    "requested_at": "requested requestdate requesttime enquirydate anfragezeit",
    "delegate_id": "delegate substitute vertretung vertreter",
    "linked_on": "linked linkdate",
}
NAMES = {ours: frozenset(names.split()) for ours, names in SYNONYMS.items()}
