import type { Words } from "./es";

const pt: Words = {
  search: {
    label: "Buscar na administração",
    placeholder: "Buscar um ajuste",
    count: (count: number) => (count === 1 ? "1 resultado" : `${count.toString()} resultados`),
    none: "Nada com essas palavras. Tente com uma só, ou com outra parecida.",
    results: "Resultados",
  },
  groups: { face: "Seu negócio", work: "Como se atende", people: "Sua gente", machine: "Controle" },
  help: {
    title: "Ajuda",
    fold: "Ocultar a ajuda",
    show: "Ajuda desta página",
    manual: "Passo a passo (em inglês)",
  },
  pages: {
    start: {
      what: "O que é preciso para atender bem, em ordem. Cada passo se marca sozinho quando está feito.",
      cases: [
        ["É preciso fazer tudo?", "Não. Com um canal conectado e uma pessoa já se atende; o resto melhora como."],
        ["Onde fica depois?", "Aqui mesmo, para ver num relance o que está configurado e o que falta."],
      ],
      words: "começar início guia instalação configurar resumo primeiros passos assistente",
    },
    channels: {
      what: "Cada canal é uma linha pela qual escrevem para você: uma caixa de e-mail, o chat do seu site, um número. Conecta-se uma vez e chega à mesa de atendimento.",
      cases: [
        ["E se um canal falhar?", "Fica marcado aqui com o motivo. O que já chegou fica, e a tentativa se repete sozinha."],
        ["E se eu o remover?", "Deixa de receber e de enviar. As conversas que chegaram por ele são mantidas."],
        ["Como ponho o chat no meu site?", "Conecte um chat no site, informe o endereço e copie uma linha de código nas suas páginas."],
      ],
      words: "correio email e-mail mail caixa imap smtp chat web widget whatsapp sms telegram telefone número linha conta conectar integrar código site",
    },
    appearance: {
      what: "O chat e a central de ajuda com sua cor, seu logotipo e suas palavras. A prévia é o chat de verdade.",
      cases: [
        ["E se minha cor não se lê?", "Oferece-se a mais parecida que se lê. Não dá para salvar uma que as pessoas não consigam ler."],
        ["Quando meus clientes veem?", "Na próxima vez que carregarem uma página. Não é preciso mudar nada no site."],
        ["E se minha página já define cores?", "As variáveis --trato-… da sua folha de estilo mandam sobre o que está aqui."],
      ],
      words: "cor cores logo logotipo imagem design marca estilo tema escuro claro botão widget chat saudação letra fonte tipografia aparência prévia personalizar",
    },
    organisation: {
      what: "O nome, o idioma e o horário da casa, e as marcas com que ela se apresenta.",
      cases: [
        ["Para que várias marcas?", "Se atende com mais de um nome: cada uma tem seu tratamento, sua assinatura e sua central de ajuda."],
        ["E sem conta para e-mails do sistema?", "Os links de acesso não são enviados: copiam-se à mão."],
      ],
      words: "empresa negócio companhia loja nome idioma fuso horário marca assinatura rodapé e-mail tratamento central de ajuda domínio",
    },
    queues: {
      what: "Uma fila é onde esperam os contatos de um mesmo assunto, até que quem entende dele tenha lugar.",
      cases: [
        ["E se não há filas?", "Tudo vai para a fila comum, que qualquer pessoa atende. Para começar basta."],
        ["E se ninguém tem a habilidade?", "Com o tempo pede-se menos; em dez minutos qualquer pessoa atende. Ninguém fica esperando."],
        ["Como sei a quem chegaria?", "Com a pergunta sobre quem receberia, que responde sem oferecer nada a ninguém."],
      ],
      words: "espera distribuição roteamento encaminhar atribuir vez ordem atendimento capacidade meta nível de serviço",
    },
    hours: {
      what: "Quando se atende: por fila, por unidade ou por turno, com seus feriados. Sem horário próprio vale o da organização.",
      cases: [
        ["O que acontece fora do horário?", "Nada é recusado: diz-se quando abre, e quem escreveu mantém seu lugar."],
        ["Como ponho os feriados?", "Com o endereço de um calendário iCalendar, ou colando seu texto."],
      ],
      words: "horário atendimento aberto fechado abertura fechamento feriado férias calendário agenda turno expediente dias úteis",
    },
    sla: {
      what: "O que se promete: em quanto tempo se responde e se resolve, contado em horas abertas.",
      cases: [
        ["E se vencer?", "A equipe vê antes que aconteça, o mais urgente primeiro; uma regra pode avisar."],
        ["Corre quando é a vez do cliente?", "Não: o relógio para enquanto se espera algo dele."],
      ],
      words: "sla tempo resposta prazo vencimento promessa compromisso demora objetivo meta solução",
    },
    rules: {
      what: "O que o Trato faz sozinho quando algo acontece: pôr uma etiqueta, mudar de fila, avisar.",
      cases: [
        ["Pode responder por nós?", "Não. Nenhuma regra responde no lugar de uma pessoa nem envia um texto sem novidade do caso."],
        ["Como testo sem risco?", "Com o teste sobre o que já aconteceu: diz o que teria feito, e não escreve nada."],
      ],
      words: "automação automático gatilho trigger workflow fluxo condição ação robô",
    },
    macros: {
      what: "Textos usados com frequência, com espaços que se preenchem do caso. Quem atende completa antes de enviar.",
      cases: [
        ["São enviadas sozinhas?", "Nunca. E o que falta completar não pode ser enviado."],
        ["Em que idioma saem?", "No da conversa, se a macro o tiver."],
      ],
      words: "modelo resposta rápida pronta predefinida texto template snippet atalho mensagem",
    },
    labels: {
      what: "Etiquetas para achar o que se parece, e a lista de formas em que um trabalho termina.",
      cases: [
        ["Quantas etiquetas convém ter?", "Poucas e claras. Muitas são mal usadas e deixam de dizer algo."],
        ["E sem lista de encerramentos?", "Cada pessoa escreve como terminou; os relatórios não conseguem somar."],
      ],
      words: "etiqueta tag categoria tipificação classificação encerramento motivo resultado",
    },
    fields: {
      what: "O que o seu negócio precisa saber de cada pessoa ou caso e não tem lugar próprio: um número de sócio, um modelo, uma data de compra.",
      cases: [
        ["Onde se preenchem?", "Ao lado da conversa, por quem atende. Também pela API e por regras."],
        ["O que acontece se eu retirar um?", "Deixa de aparecer. O que já dizia se conserva e volta se você o repuser."],
      ],
      words: "campo personalizado dado próprio atributo ficha formulário obrigatório sócio contato caso",
    },
    cards: {
      what: "O que os seus outros sistemas sabem, ao lado de cada conversa: um pedido, uma garantia, um saldo.",
      cases: [
        ["O que se informa dos meus clientes?", "Só endereços verificados, e nada além do que você marcar."],
        ["E se o outro sistema não responder?", "O cartão avisa e pode ser consultado de novo. O resto continua igual."],
      ],
      words: "cartão pedido garantia saldo erp crm loja integração sistema externo painel fonte",
    },
    orders: {
      what: "Quantos pedidos dos seus sites vieram depois de uma ajuda, e com qual.",
      cases: [
        ["Como chegam aqui?", "Seu site os informa na página de agradecimento, com uma linha. O guia mostra qual."],
        ["Dá para saber quem comprou?", "Só se uma pessoa ajudou: então o pedido está ao lado da conversa."],
      ],
      words: "pedido compra venda conversão loja carrinho total valor widget site ajuda vendido",
    },
    sameText: {
      what: "Quantas vezes o mesmo texto livre saiu para várias pessoas. Avisa quem escreve; não impede nada.",
      cases: [
        ["O que foi escrito fica guardado?", "Não. Só uma marca que não se pode ler, e por poucos dias."],
        ["E se um se repete muito?", "Transforme em uma resposta com lugares a preencher, ou em um artigo."],
      ],
      words: "repetido copiado colar modelo idêntico envio massa verbatim mesmo texto muitos",
    },
    users: {
      what: "Quem entra e o que pode fazer: atender, supervisionar ou administrar.",
      cases: [
        ["O que acontece ao desativar alguém?", "As sessões se fecham e o trabalho aberto passa a outra pessoa. O que fez fica."],
        ["E se o convite não chegar?", "Copie um link de acesso e envie por onde puder. Vale uma única vez."],
      ],
      words: "usuário pessoas equipe funcionário convidar cadastro papel permissão senha acesso agente supervisor administrador",
    },
    agents: {
      what: "O que cada pessoa sabe, de 1 a 5. Com isso cada contato chega a quem pode resolver.",
      cases: [
        ["É preciso preencher tudo?", "Não: só o que alguma fila pede."],
        ["Dá para emprestar uma habilidade?", "Sim, com data de fim no perfil; nesse dia ela sai sozinha."],
      ],
      words: "habilidade skill conhecimento nível idioma perfil capacidade limite agente especialidade",
    },
    teams: {
      what: "Como sua gente se agrupa: equipes, unidades e os motivos de ausência.",
      cases: [
        ["Para que serve uma equipe?", "Uma fila pode oferecer primeiro a ela; e quem supervisiona a vê em separado."],
        ["E sem motivos de ausência?", "Cada pessoa escreve o seu ao se ausentar."],
      ],
      words: "equipe grupo unidade filial escritório ausência pausa descanso almoço motivo",
    },
    doors: {
      what: "Quem responde por uma loja, um produto ou um site. O cliente leva a essa pessoa, em um passo, o que não ficou resolvido.",
      cases: [
        ["E se não responder a tempo?", "O caso mostra que a promessa venceu, e uma regra pode avisar a quem você disser."],
        ["E o que não tem responsável?", "Vai para quem responde por todo o resto, se você nomeou alguém."],
      ],
      words: "responsável encarregado gerente dono escalar reclamação queixa loja produto",
    },
    keys: {
      what: "Para que outro programa leia ou escreva no Trato, só com as permissões de que precisa.",
      cases: [
        ["E se uma vazar?", "Revogue: deixa de servir na hora. A auditoria diz o que foi feito com ela."],
        ["Posso vê-la de novo?", "Não. Se for perdida, crie outra e revogue a anterior."],
      ],
      words: "api chave token integração programa desenvolvedor acesso permissão crm erp",
    },
    webhooks: {
      what: "Avisam outro sistema de cada mudança, assinados, com um POST por evento.",
      cases: [
        ["E se meu sistema estiver fora do ar?", "A tentativa se repete, em ordem; depois você pode enviar de novo."],
        ["Como sei que vêm do Trato?", "Pela assinatura, com o segredo que se mostra uma vez."],
      ],
      words: "webhook evento aviso notificação integração sistema crm zapier desenvolvedor",
    },
    settings: {
      what: "Tudo o que se configura, em um arquivo que se lê e se compara, para guardar ou levar a outra instalação.",
      cases: [
        ["O que acontece ao escolher um arquivo?", "Nada ainda: mostra-se o que mudaria. Depois tudo é aplicado ou nada."],
        ["Ele traz senhas ou pessoas?", "Não. Diz quais segredos devem ser digitados de novo, e indica quem trabalha aqui pelo e-mail."],
        ["Ele remove o que não está no arquivo?", "Só se você pedir."],
      ],
      words: "exportar importar cópia backup baixar arquivo yaml json git configuração migrar transferir configurações",
    },
    privacy: {
      what: "Quem pediu que seus dados sejam apagados, e quando isso é feito.",
      cases: [
        ["Como começo um pedido?", "Na conversa do contato, em “Dados pessoais”."],
        ["Dá para desfazer?", "Durante sete dias, com um motivo. Depois não."],
      ],
      words: "privacidade apagar excluir dados pessoais gdpr lgpd proteção esquecimento",
    },
    broken: {
      what: "O que chegou e não pôde ser lido. Está guardado inteiro, e daqui se lê de novo.",
      cases: [
        ["Algo se perdeu?", "Não. Você pode baixar o original tal como chegou."],
        ["O que é um aviso sem dono?", "Um pedido que nenhum canal reconhece: costuma ser um endereço mal copiado no provedor."],
      ],
      words: "erro ilegível falha quebrado mensagem perdida original repetir problema",
    },
    audit: {
      what: "Quem fez o quê, quando e de onde.",
      cases: [
        ["Mostra o que um programa fez?", "Sim, com a chave de API que usou."],
        ["Diz o que foi escrito?", "Não: diz o que mudou, não o conteúdo das conversas."],
      ],
      words: "auditoria registro histórico log mudanças quem segurança",
    },
  },
  fields: {
    "admin.channels.snippet": "script código html instalar colar site incorporar",
    "admin.channels.undo": "desfazer arrepender retirar anular envio",
    "admin.channels.test": "testar conexão verificar diagnóstico",
    "admin.channels.enabled": "ligar desligar ativar desativar",
    "appearance.accent": "cor principal hexadecimal",
    "appearance.logo": "imagem foto ícone logomarca",
    "appearance.greetings": "boas-vindas mensagem inicial saudação",
    "appearance.labels": "botão texto balão",
    "appearance.side": "posição direita esquerda canto",
    "appearance.corners": "arredondado bordas raio",
    "appearance.font": "tipografia fonte letra",
    "appearance.theme": "modo escuro noite claro",
    "appearance.phone": "telefone número ligar emergência fora do ar",
    "appearance.email": "correio mail endereço fora do ar",
    "admin.organisation.hours": "horário abertura fechamento dias expediente",
    "admin.organisation.brands": "marca várias nome comercial",
    "admin.organisation.tone": "você senhor tratamento formal usted vos",
    "admin.organisation.signature": "assinatura rodapé despedida e-mail",
    "admin.organisation.systemAccount": "e-mail remetente convites noreply links",
    "admin.helpCentre.act": "central de ajuda perguntas frequentes faq artigos base de conhecimento",
    "admin.helpCentre.host": "domínio subdomínio url endereço",
    "admin.helpCentre.site": "página web link url",
    "queues.queues.skills": "habilidade requisito skill",
    "queues.queues.accounts": "canal origem",
    "queues.queues.target": "nível de serviço sla objetivo porcentagem",
    "queues.queues.priority": "prioridade urgente importância",
    "queues.queues.wrapUp": "encerramento acw pós-atendimento depois",
    "queues.queues.autoAccept": "automático aceitar direto",
    "queues.queues.waiting": "espera ligar retorno callback vez",
    "queues.queues.weights": "capacidade peso simultâneas unidades",
    "queues.preview.open": "simular testar distribuição quem",
    "automation.hours.exceptions": "exceção feriado especial fechado",
    "automation.hours.holidays": "feriado icalendar ics",
    "automation.sla.first_reply": "primeira resposta tempo",
    "automation.sla.next_reply": "próxima resposta tempo",
    "automation.sla.resolution": "resolver solução tempo",
    "automation.rules.trial": "simular ensaio teste",
    "automation.rules.runs": "histórico registro execuções",
    "automation.macros.places": "variáveis campos marcadores",
    "automation.labels.tags": "categoria tag",
    "automation.labels.dispositions": "tipificação resultado motivo",
    "beside.sources.secret": "chave assinatura webhook",
    "beside.sources.sends": "dados enviados privacidade compartilhar",
    "admin.users.invite": "novo adicionar criar usuário",
    "admin.users.role": "permissão perfil cargo",
    "admin.users.capacity": "simultâneas limite quantidade",
    "admin.users.newLink": "senha esquecida recuperar acesso entrar",
    "admin.latitude.act": "desconto reembolso valor compensação aprovação",
    "queues.agents.languages": "idioma língua fala",
    "queues.agents.limits": "máximo simultâneas teto",
    "queues.teams.sites": "filial escritório loja",
    "queues.teams.reasons": "pausa descanso almoço",
    "admin.doors.owner": "encarregado gerente dono",
    "admin.keys.scopes": "permissão escopo scope",
    "admin.webhooks.types": "evento tipo",
    "admin.webhooks.deliveries": "histórico tentativas envios",
    "privacy.list": "exclusão esquecimento apagamento",
    "admin.broken.strays": "órfão webhook desconhecido",
  },
  places: {
    articles: { title: "Artigos da central de ajuda", words: "faq perguntas frequentes conhecimento ajuda escrever publicar" },
    synonyms: { title: "Sinônimos da busca", words: "palavras equivalentes busca central de ajuda" },
    answers: { title: "Quando um artigo responde", words: "calibrar resposta automática confiança busca" },
    gaps: { title: "O que falta na central de ajuda", words: "lacunas perguntas sem resposta" },
    incidents: { title: "Incidentes e manutenções", words: "queda problema aviso estado banner interrupção" },
    peaks: { title: "Horários de pico", words: "picos demanda previsão pessoal carga" },
    account: { title: "Sua conta", words: "perfil senha segundo fator passkey idioma tema sessão" },
    wishes: { title: "Seus avisos", words: "notificações som push e-mail não perturbe resumo" },
  },
  start: {
    title: "Primeiros passos",
    lead: (done: number, all: number) => `${done.toString()} de ${all.toString()} passos feitos.`,
    all: "Tudo o que importa está configurado.",
    done: "feito",
    open: "falta",
    next: "O próximo",
    steps: {
      hours: { title: "Diga quando atende", why: "Com o horário, cada espera prometida é verdade.", act: "Definir o horário" },
      channel: { title: "Conecte um canal", why: "Por onde escrevem: e-mail, chat do seu site, um número.", act: "Conectar um canal" },
      works: { title: "Confira se os canais funcionam", why: "Um canal que falha não perde nada, mas ninguém o lê.", act: "Ver os canais" },
      site: { title: "Ponha o chat no seu site", why: "Conecte um chat no site e informe o endereço.", act: "Conectar o chat" },
      look: { title: "Dê sua cor e seu logotipo", why: "Seus clientes reconhecem com quem falam.", act: "Escolher a aparência" },
      away: { title: "Deixe um telefone ou um e-mail", why: "O chat os mostra se o servidor não responder.", act: "Escrever" },
      system: { title: "Escolha a conta para e-mails do sistema", why: "Sem ela, os convites se copiam à mão.", act: "Escolher a conta" },
      people: { title: "Convide sua equipe", why: "Uma pessoa basta para começar; com duas, alguém cobre.", act: "Convidar" },
      queue: { title: "Crie a primeira fila", why: "Para que cada assunto chegue a quem entende dele.", act: "Criar uma fila" },
      articles: { title: "Publique um artigo de ajuda", why: "Muita gente prefere resolver sem ajuda, a qualquer hora.", act: "Escrever um artigo" },
    },
  },
};

export default pt;
